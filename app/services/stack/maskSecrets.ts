// Secrets are masked here, before anything crosses to a UI.

export const mask = '••••••••';
const secretName = /PASSWORD|PASSWD|PASSPHRASE|PASS$|SECRET|TOKEN|KEY|CREDENTIAL/i;
/** The password of `scheme://user:password@host`; up to the last @, since a password may hold one that was not encoded. */
const userinfo = /([a-z][a-z0-9+.-]*:\/\/[^\s:/?#@]*):([^\s/]+)@/gi;
/** `--password=x`, `--api-key x`. */
const secretFlag = /(--?[\w-]*(?:password|passwd|secret|token|key|credential)[\w-]*[= ])(\S+)/gi;

export function isSecretName(name: string): boolean {
  return secretName.test(name);
}

/** A secret without a value is shown as such: that it is empty is what the operator needs to see. */
export function maskVariable(name: string, value: string): { name: string; value: string; masked: boolean } {
  if (isSecretName(name) && value !== '') return { name, value: mask, masked: true };
  const text = maskText(value);
  return { name, value: text, masked: text !== value };
}

/** Passwords in URLs and in flags of a command line. */
export function maskText(text: string): string {
  return text.replace(userinfo, `$1:${mask}@`).replace(secretFlag, `$1${mask}`);
}

// What is typed, on its way: one message at a time, so that none overtakes another, and what comes meanwhile goes together.

export interface InputQueue {
  push(bytes: Uint8Array): void;
}

/** What waits for a host that does not answer. */
const limitBytes = 256 * 1024;
/** The contract takes 256 KiB of base64. */
const messageBytes = 128 * 1024;

export function createInputQueue(send: (bytes: Uint8Array) => Promise<unknown>): InputQueue {
  let waiting: Uint8Array = new Uint8Array();
  let isSending = false;

  const sendNext = async () => {
    isSending = true;
    while (waiting.length > 0) {
      const message = waiting.subarray(0, messageBytes);
      waiting = waiting.subarray(message.length);
      // A terminal that has ended says so by itself; what was typed into it is gone.
      await send(message).catch(() => {});
    }
    isSending = false;
  };

  return {
    push(bytes) {
      if (waiting.length + bytes.length > limitBytes) return;
      const next = new Uint8Array(waiting.length + bytes.length);
      next.set(waiting);
      next.set(bytes, waiting.length);
      waiting = next;
      if (!isSending) void sendNext();
    },
  };
}

export function toBase64(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += String.fromCharCode(byte);
  return btoa(text);
}

export function fromBase64(text: string): Uint8Array {
  return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
}

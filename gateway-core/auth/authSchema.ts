// JSON Schema of `auth` and of a route's `auth`. Every property is described: a reference is made from it.
import { algorithmNames } from './algorithms.ts';
import { recordSubjectChoices } from './authSection.ts';

const name = { type: 'string', pattern: '^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$' };
const headerName = { type: 'string', pattern: "^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,64}$" };
const file = { type: 'string', minLength: 1, maxLength: 4096 };
const claimName = { type: 'string', minLength: 1, maxLength: 256 };
/** A name, or the names on the way to a claim inside of objects. */
const claim = { anyOf: [claimName, { type: 'array', minItems: 1, maxItems: 8, items: claimName }] };
const variable = { type: 'string', pattern: '^[A-Za-z_][A-Za-z0-9_]*$' };
/** RFC 6749, 3.3. */
const scopes = {
  type: 'array',
  minItems: 1,
  maxItems: 64,
  items: { type: 'string', pattern: '^[\\x21\\x23-\\x5b\\x5d-\\x7e]{1,128}$' },
};
const claimValue = { anyOf: [{ type: 'string' }, { type: 'number' }, { type: 'boolean' }] };

const keys = {
  type: 'object',
  additionalProperties: false,
  description: 'Where the keys come from that check signatures; exactly one source.',
  properties: {
    jwksUrl: {
      type: 'string',
      maxLength: 2048,
      description: 'http or https URL of a JWK Set. Redirects are not followed.',
    },
    jwksFile: { ...file, description: 'File with a JWK Set; read again when it changes.' },
    publicKeyFile: { ...file, description: 'File with one to four public keys in PEM; read again when it changes.' },
    secretFile: {
      ...file,
      description: 'File with one to four HMAC secrets, one a line, the current one first; read again when it changes.',
    },
    secretEnv: { ...variable, description: 'Environment variable with HMAC secrets, as in secretFile.' },
    refreshSeconds: {
      type: 'integer',
      minimum: 30,
      maximum: 86_400,
      description: 'Of jwksUrl: keys older than this are fetched again (300).',
    },
    staleSeconds: {
      type: 'integer',
      minimum: 60,
      maximum: 2_592_000,
      description: 'Of jwksUrl: how long keys are used while they cannot be fetched again (86400).',
    },
    timeoutMs: {
      type: 'integer',
      minimum: 100,
      maximum: 30_000,
      description: 'Of jwksUrl: how long one fetch may take (3000).',
    },
  },
};

const token = {
  type: 'object',
  additionalProperties: false,
  description: 'Where a token may stand in a request; by default in Authorization alone.',
  properties: {
    bearer: { type: 'boolean', description: 'Whether it may stand in `Authorization: Bearer` (true).' },
    header: { ...headerName, description: 'A header field whose whole value is the token.' },
    cookie: {
      type: 'object',
      additionalProperties: false,
      required: ['name', 'origins'],
      description: 'A cookie whose value is the token.',
      properties: {
        name: { ...headerName, description: 'The name of the cookie.' },
        origins: {
          type: 'array',
          minItems: 1,
          maxItems: 64,
          items: { type: 'string', maxLength: 256 },
          description:
            'Origins whose pages may use the cookie for WebSockets and for methods other than GET and HEAD: a browser sends cookies for any page.',
        },
      },
    },
  },
};

const provider = {
  type: 'object',
  additionalProperties: false,
  required: ['issuer', 'algorithms', 'keys'],
  properties: {
    issuer: {
      type: 'string',
      minLength: 1,
      maxLength: 2048,
      description: 'What `iss` must be, character by character.',
    },
    audiences: {
      type: 'array',
      minItems: 1,
      maxItems: 64,
      items: { type: 'string', minLength: 1 },
      description: 'One of these must be in `aud`. When left out, a token that has an `aud` is refused.',
    },
    algorithms: {
      type: 'array',
      minItems: 1,
      uniqueItems: true,
      items: { type: 'string', enum: algorithmNames },
      description:
        'The algorithms that keys may be used with. A key that says no algorithm itself must fit exactly one of them.',
    },
    keys,
    clockSkewSeconds: {
      type: 'integer',
      minimum: 0,
      maximum: 300,
      description: 'By how much the clocks of issuer and gateway may differ (30).',
    },
    requiredClaims: {
      type: 'array',
      maxItems: 64,
      items: claimName,
      description: 'Claims that must be there, besides `iss`, `exp` and the subject, which always must.',
    },
    types: {
      type: 'array',
      minItems: 1,
      maxItems: 16,
      items: { type: 'string', minLength: 1 },
      description: 'What `typ` may be. When left out: nothing, JWT or at+jwt.',
    },
    subjectClaim: {
      ...claim,
      description: 'The claim that says who the caller is (sub); a list is a way into objects.',
    },
    scopesClaim: { ...claim, description: 'The claim with the scopes (scope, else scp); words of a text or a list.' },
    token,
  },
};

export const authSchema = {
  type: 'object',
  additionalProperties: false,
  description: 'Who callers are, and how upstreams are told.',
  properties: {
    realm: {
      type: 'string',
      pattern: '^[A-Za-z0-9 ._:/-]{1,64}$',
      description: 'The realm that WWW-Authenticate names (gatehouse).',
    },
    providers: {
      type: 'object',
      maxProperties: 32,
      propertyNames: name,
      additionalProperties: provider,
      description: 'Issuers of tokens by a name of your choice.',
    },
    identity: {
      type: 'object',
      additionalProperties: false,
      description: 'What upstreams are told of a caller. Callers can never set these fields themselves.',
      properties: {
        headers: {
          type: 'object',
          maxProperties: 32,
          propertyNames: headerName,
          additionalProperties: claim,
          description:
            'Header field → claim, sent when the caller is known (x-user-id: $subject). $subject, $scopes and $provider are what the gateway made of the claims.',
        },
        signed: {
          type: 'object',
          additionalProperties: false,
          description: 'Signs each forwarded request in x-gatehouse-identity; exactly one key.',
          properties: {
            secretFile: {
              ...file,
              description: 'HMAC secrets, one a line; the first signs. Read again when it changes.',
            },
            secretEnv: { ...variable, description: 'Environment variable with HMAC secrets, as in secretFile.' },
            privateKeyFile: { ...file, description: 'An Ed25519 private key in PEM. Read again when it changes.' },
            lifetimeSeconds: {
              type: 'integer',
              minimum: 1,
              maximum: 30,
              description: 'How long a signature counts (15).',
            },
          },
        },
      },
    },
    recordSubject: {
      type: 'string',
      enum: recordSubjectChoices,
      description:
        'Whether the tap records who the caller was: no (the default), digest (the same 16 characters for the same subject), plain.',
    },
  },
} as const;

export const routeAuthSchema = {
  type: 'object',
  additionalProperties: false,
  required: ['provider'],
  description: 'Which callers the route takes. Without it the route takes everybody and looks at no token.',
  properties: {
    provider: { ...name, description: 'One of auth.providers.' },
    required: {
      type: 'boolean',
      description:
        'false: callers without a token pass without an identity; one whose token is bad is still refused (true).',
    },
    scopes: {
      type: 'object',
      additionalProperties: false,
      description: 'Scopes that the token must have.',
      properties: {
        all: { ...scopes, description: 'Every one of them.' },
        any: { ...scopes, description: 'At least one of them.' },
      },
    },
    claims: {
      type: 'array',
      minItems: 1,
      maxItems: 64,
      description: 'Rules that the claims must satisfy, every one.',
      items: {
        type: 'object',
        additionalProperties: false,
        required: ['claim'],
        properties: {
          claim: { ...claim, description: 'A claim by its name; a list is a way into objects.' },
          equals: { ...claimValue, description: 'The claim is this value.' },
          in: {
            type: 'array',
            minItems: 1,
            maxItems: 256,
            items: claimValue,
            description: 'The claim is one of these values.',
          },
          contains: { ...claimValue, description: 'The claim is a list with this value.' },
        },
      },
    },
    anonymous: {
      type: 'object',
      additionalProperties: false,
      description: 'Requests of the route that no token is asked for and none is looked at.',
      properties: {
        paths: {
          type: 'array',
          minItems: 1,
          maxItems: 64,
          items: { type: 'string', pattern: '^/', maxLength: 1024 },
          description: 'Paths as the upstream gets them, after rewriting; each with everything below it.',
        },
        methods: {
          type: 'array',
          minItems: 1,
          items: { type: 'string', pattern: '^[A-Z]{1,24}$' },
          description: 'For example OPTIONS: browsers send preflights without a token.',
        },
      },
    },
    forwardToken: {
      type: 'boolean',
      description: 'Whether the upstream gets the token too, as it came (false).',
    },
  },
} as const;

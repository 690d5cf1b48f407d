const MASK = '***';

/** Parts of the names of parameters, headers and keys that hold secrets; too many rather than too few. */
const SECRET_NAME = [
  'token',
  'secret',
  'pass',
  'pwd',
  'signature',
  'credential',
  'auth(?!or(?!iz|is)|enticated)', // neither author nor authority
  'session',
  'cookie',
  'key',
  'jwt',
  'saml',
  'assertion',
  'ticket',
  'hmac',
  'code_verifier',
  'x-(?:amz|goog|obs|oss|ms)-',
  '(?:(?<![a-z])|(?<=%[0-9a-f]{2}))(?:sig|sid|otp|pin)(?![a-z])',
].join('|');

/** Between a name and its value: the rest of the name, quotes, escaped or not, and a separator. */
const SEPARATOR = String.raw`[\w.%[\]-]{0,100}?[\\"']*\s*(?:[:=]|%(?:25)*3[ad])>?\s*(?:[[{(]|[\\"']*)`;

/** A text up to its closing quote; one that was cut off ends with the line. */
const QUOTED = String.raw`(?<=")(?:\\.|[^"\\])*|(?<=')(?:\\.|[^'\\])*`;

/** What stands in brackets, in quotes or not. */
const listed = (open: string, close: string): string =>
  String.raw`(?<=${open})(?:"(?:\\.|[^"\\])*"?|[^"${close}])*`;
const LISTED = [listed('\\[', '\\]'), listed('\\{', '\\}'), listed('\\(', '\\)')].join('|');

const SCHEME = '(?:(?:basic|bearer|digest|negotiate|ntlm|token|apikey|hmac|aws4-hmac-sha256)[ +]+)?';
const BARE = String.raw`${SCHEME}(?:\\.|[^&\s"<>\\])*`;

/** Values of headers that have blanks in them, to the end of their field. */
const WHOLE_HEADER = new RegExp(
  String.raw`((?:cookie|authorization)[\\"'\]]*\s*[:=]\s*[\\"']*)(?!\s*[[{])(?:\\.|[^"\\\t\r\n])+`,
  'gi',
);
const NAMED = new RegExp(String.raw`((?:${SECRET_NAME})${SEPARATOR})(?:${LISTED}|${QUOTED}|${BARE})`, 'gi');
/** Of a login that comes back: in a query alone, for elsewhere a code is a status. */
const LOGIN_CODE = new RegExp(
  String.raw`((?:[?&#;]|\\u0026|%(?:25)*(?:3f|26|23|3b))code(?:=|%(?:25)*3d))${BARE}`,
  'gi',
);
/** Of names: letters, `_` and `-`, encoded once or more. RFC 3986, section 2.3: they mean the same without. */
const ENCODED_LETTER = /%(?:25)*([46][1-9a-f]|[57][0-9a]|5f|2d)/gi;
const AUTHENTICATION = /\b((?:basic|bearer|negotiate|aws4-hmac-sha256)(?:[ +]|%20)+)[^\s"'<>,;&]+/gi;
const USER_OF_URL = /((?::|%(?:25)*3a)?(?:\/|%(?:25)*2f){2})[^\s/"<>?#]*(?:@|%(?:25)*40)/gi;
/** `user:password@host` without a scheme. */
const USER_OF_HOST = /((?:^|[\s"'=,&?(])[\w.+%-]{1,64}:)[^\s"'/@:]{1,200}(?=@[\w-])/g;
const JWT = /\beyJ[\w-]{5,}\.[\w.-]+/g;
const ACCESS_KEY = /\b(?:AKIA|ASIA)[A-Z0-9]{12,}/g;

const letterOf = (_: string, number: string): string => String.fromCharCode(Number.parseInt(number, 16));

/**
 * Takes passwords, tokens, signatures and keys out of a line before anybody sees it. It knows them by the name that
 * stands before them, in query strings, headers, JSON and key=value pairs, and some by their looks. Where it is in
 * doubt it masks more. Letters that are percent-encoded are decoded, lest they hide a name.
 */
export const maskSecrets = (text: string): string =>
  maskNamed(
    text
      .replace(ENCODED_LETTER, letterOf)
      .replace(USER_OF_URL, `$1${MASK}@`)
      .replace(USER_OF_HOST, `$1${MASK}`)
      .replace(WHOLE_HEADER, `$1${MASK}`),
  )
    .replace(LOGIN_CODE, `$1${MASK}`)
    .replace(AUTHENTICATION, `$1${MASK}`)
    .replace(JWT, MASK)
    .replace(ACCESS_KEY, MASK);

/** Behind a value that is a name itself: `token:"access_token":"…"`. */
const SEPARATED = /[\\"']*\s*[:=]/y;

/** Masks what stands behind the names of secrets; a value that is followed like a name may be one, too. */
function maskNamed(text: string): string {
  let masked = '';
  let done = 0;
  NAMED.lastIndex = 0;
  for (let found = NAMED.exec(text); found; found = NAMED.exec(text)) {
    const [{ length }, head] = found as unknown as [string, string];
    const value = found.index + head.length;
    const end = found.index + length;
    if (end > done) masked += `${text.slice(done, value)}${MASK}`;
    done = Math.max(done, end);
    SEPARATED.lastIndex = end;
    if (SEPARATED.test(text)) NAMED.lastIndex = value;
  }
  return masked + text.slice(done);
}

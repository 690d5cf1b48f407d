// For nginx with njs: takes out of an error's body the two things that a judgement may need, and nothing else.
// $partial_success: how many members partialSuccessResponses has; $error_code: the code that the vendor gives.
// The body goes on unchanged; it is neither logged nor kept. How to use it: docs/gateways/evidence.md.

/** A longer body is not looked into. */
const LONGEST_BODY = 64 * 1024;

// njs gives every request a machine of its own, so this is the body of one response.
let body = '';

function read(r, data, flags) {
  r.sendBuffer(data, flags);
  if (r.status < 400 || body.length > LONGEST_BODY) return;
  body += data;
  if (!flags.last || body.length > LONGEST_BODY) return;
  const evidence = evidenceIn(body);
  r.variables.partial_success = evidence.partialSuccess;
  r.variables.error_code = evidence.errorCode;
}

function evidenceIn(text) {
  let content;
  try {
    content = JSON.parse(text);
  } catch (e) {
    return { partialSuccess: '', errorCode: '' };
  }
  if (content === null || typeof content !== 'object') return { partialSuccess: '', errorCode: '' };
  const members = content.partialSuccessResponses;
  const code = [content.error_code, content.error && content.error.code].find(isCode);
  return {
    partialSuccess: Array.isArray(members) ? String(members.length) : '0',
    errorCode: code !== undefined && /^[\w.-]{1,64}$/.test(code) ? String(code) : '',
  };
}

function isCode(value) {
  return typeof value === 'number' || (typeof value === 'string' && value !== '');
}

export default { read };

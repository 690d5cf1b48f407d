export * from './format.js';
export * from './request.js';
export { FORMATS, FORMAT_NAMES, type FormatName } from './formats/index.js';
export { LOG_FORMAT as NGINX_JSON_LOG_FORMAT } from './formats/nginx-json.js';
export { USUAL_KEYS } from './formats/usual-keys.js';
export { detectFormat, type Detection } from './detect-format.js';
export { DEFAULT_LIMITS, EventReader, type EventLimits } from './event-reader.js';
export { AutoEventReader } from './auto-event-reader.js';
export type { OnEvent } from './framing.js';

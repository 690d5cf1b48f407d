import { EventReader, FORMATS, NOT_LOGGED, READ, type FieldMappings, type Request } from '#access-log';
import type { Catalogue } from '#catalogue';
import { Judge } from './judge.js';
import type { Tally } from './tally.js';
import { bytesOf } from './text-match.js';
import { vendorRouter, type VendorRouter } from './vendor-router.js';

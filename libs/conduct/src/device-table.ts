import type { Request } from '#access-log';
import { OTHER } from '#metric-names';
import { deviceName, isDeviceName, type Lens, type RouteTree } from '#verdict';

/** So many devices of a batch are told apart; the others are `other`. */
const MOST_DEVICES = 1024;
const SLOTS = 4 * MOST_DEVICES;
/** A stranger who makes names fall together gains that they are `other`, not that each is looked for among all. */
const MOST_PROBES = 16;

const FNV_OFFSET = 0x811c9dc5;
const FNV_PRIME = 0x01000193;

export interface Device {
  readonly vendor: number;
  /** As a label value has it; empty where neither the log nor the path names one. */
  readonly name: string;
  /** Stands for all that are not told apart. */
  readonly isRest: boolean;
}

/** Numbers the devices of a batch, without making strings of those that it knows. */
export class DeviceTable {
  readonly devices: Device[] = [];
  private readonly ids: Uint8Array[] = [];
  /** Numbers plus one; 0 is free. */
  private readonly slots = new Uint16Array(SLOTS);
  private readonly nameless: (number | undefined)[];
  private readonly others: (number | undefined)[];

  constructor({ catalogue }: Lens) {
    this.nameless = catalogue.vendors.map(() => undefined);
    this.others = catalogue.vendors.map(() => undefined);
  }

  /** @param tree of the vendor, has just matched the path of the request */
  numberOf(request: Request, vendor: number, tree: RouteTree): number {
    const { device, path } = request;
    const isLogged = device.present;
    if (!isLogged && tree.deviceStart < 0) return (this.nameless[vendor] ??= this.add(vendor, '', false));
    const { bytes } = isLogged ? device : path;
    const start = isLogged ? device.start : tree.deviceStart;
    const end = isLogged ? device.end : tree.deviceEnd;
    let hash = FNV_OFFSET ^ vendor;
    for (let at = start; at < end; at++) hash = Math.imul(hash ^ bytes[at]!, FNV_PRIME);
    for (let probe = 0; probe < MOST_PROBES; probe++) {
      const slot = (hash + probe) & (SLOTS - 1);
      const number = this.slots[slot]! - 1;
      if (number < 0) return this.open(slot, bytes.slice(start, end), vendor, deviceName(request, tree)!);
      if (this.devices[number]!.vendor === vendor && isSame(this.ids[number]!, bytes, start, end))
        return number;
    }
    return this.otherOf(vendor);
  }

  private open(slot: number, id: Uint8Array, vendor: number, name: string): number {
    if (this.devices.length >= MOST_DEVICES || !isDeviceName(name)) return this.otherOf(vendor);
    const number = this.add(vendor, name, false);
    this.ids[number] = id;
    this.slots[slot] = number + 1;
    return number;
  }

  private otherOf(vendor: number): number {
    return (this.others[vendor] ??= this.add(vendor, OTHER, true));
  }

  private add(vendor: number, name: string, isRest: boolean): number {
    return this.devices.push({ vendor, name, isRest }) - 1;
  }
}

function isSame(id: Uint8Array, bytes: Uint8Array, start: number, end: number): boolean {
  if (end - start !== id.length) return false;
  for (let i = 0; i < id.length; i++) if (bytes[start + i] !== id[i]) return false;
  return true;
}

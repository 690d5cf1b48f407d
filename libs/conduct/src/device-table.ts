import type { Request } from '#access-log';
import { OTHER } from '#metric-names';
import { NO_NUMBER, TextNumbers, deviceName, isDeviceName, type Lens, type RouteTree } from '#verdict';

/** So many devices of a batch are told apart; the others are `other`. */
const MOST_DEVICES = 1024;
/** No name of a device is longer. */
const MOST_BYTES_OF_NAME = 64;

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
  private readonly texts = new TextNumbers(MOST_DEVICES, MOST_BYTES_OF_NAME);
  /** Of the texts that name devices, by their number. */
  private readonly named: number[] = [];
  private readonly nameless: (number | undefined)[];
  private readonly others: (number | undefined)[];

  constructor({ catalogue }: Lens) {
    this.nameless = catalogue.vendors.map(() => undefined);
    this.others = catalogue.vendors.map(() => undefined);
  }

  /** @param tree of the vendor, has just matched the path of the request */
  numberOf(request: Request, vendor: number, tree: RouteTree): number {
    const { device, path } = request;
    if (!device.present && tree.deviceStart < 0)
      return (this.nameless[vendor] ??= this.add(vendor, '', false));
    const text = device.present
      ? this.texts.of(vendor, device.bytes, device.start, device.end)
      : this.texts.of(vendor, path.bytes, tree.deviceStart, tree.deviceEnd);
    if (text === NO_NUMBER) return this.otherOf(vendor);
    return (this.named[text] ??= this.numberOfNew(vendor, deviceName(request, tree)!));
  }

  private numberOfNew(vendor: number, name: string): number {
    return isDeviceName(name) ? this.add(vendor, name, false) : this.otherOf(vendor);
  }

  private otherOf(vendor: number): number {
    return (this.others[vendor] ??= this.add(vendor, OTHER, true));
  }

  private add(vendor: number, name: string, isRest: boolean): number {
    return this.devices.push({ vendor, name, isRest }) - 1;
  }
}

declare module 'snappyjs' {
  /** @param maxLength of the result @throws if it is damaged or longer */
  export function uncompress(compressed: Uint8Array, maxLength?: number): Uint8Array;
  export function compress(uncompressed: Uint8Array): Uint8Array;
}

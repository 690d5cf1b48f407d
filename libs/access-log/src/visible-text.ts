/** Control and format characters: a terminal obeys them, or they turn the direction of what stands behind them. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;

/** A text that a terminal cannot obey: what nobody would see is written as its number, such as \x1b. */
export const visibleText = (text: string): string =>
  text.replace(UNSEEN, (one) => {
    const number = one.codePointAt(0)!.toString(16);
    return number.length > 2 ? `\\u{${number}}` : `\\x${number.padStart(2, '0')}`;
  });

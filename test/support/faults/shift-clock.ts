/** Preloaded by `node --import`: a computer whose clock is wrong by CLOCK_SHIFT milliseconds. */

const shift = Number(process.env.CLOCK_SHIFT);
const RightDate = Date;

class ShiftedDate extends RightDate {
  constructor(...given: readonly unknown[]) {
    if (given.length === 0) super(RightDate.now() + shift);
    else super(...(given as [number]));
  }
  static override now(): number {
    return RightDate.now() + shift;
  }
}
globalThis.Date = ShiftedDate as DateConstructor;

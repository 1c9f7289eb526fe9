import { UserError } from '../components/core/errors.ts';

/** A command line option that must be a whole number in [least, most]. @throws UserError that names the option. */
export function wholeNumber(option: string, least: number, most: number): (text: string) => number {
  return (text) => {
    const count = Number(text);
    if (text.trim() !== '' && Number.isInteger(count) && count >= least && count <= most) return count;
    throw new UserError(`${option} is "${text}"`, {
      hint: `expected a whole number from ${least} to ${most}`,
    });
  };
}

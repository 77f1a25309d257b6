import type { Address } from '../data/merchant.ts';
import { flags } from '../data/sales-unit.ts';
import { HttpError } from '../http/http-error.ts';
import type { MerchantEdit, UnitEdit } from '../world/edits.ts';
import type { Lifecycle } from '../world/lifecycle.ts';
import type { ControlRoute } from './control-route.ts';
import { readObject, run } from './control-route.ts';

const CAPTURE_TYPES = ['ReserveCapture', 'DirectCapture', 'NotApplicable'];
const SETTINGS = ['paymentAllowed', 'captureType', ...flags] as const;
const LONGEST_NAME = 200;
const MOST_LINES = 10;

/** Creates the control routes that edit fields of units, merchants and price packages. */
export function createEditRoutes(lifecycle: Lifecycle): ControlRoute[] {
  return [
    {
      method: 'POST',
      template: '/_sandbox/sales-units/{msn}',
      handle({ json, param }) {
        const edit = readUnitEdit(json());
        return run(() => lifecycle.editUnit(param('msn'), edit));
      },
    },
    {
      method: 'POST',
      template: '/_sandbox/merchants/{scheme}/{id}',
      handle({ json, param }) {
        const edit = readMerchantEdit(json());
        return run(() => lifecycle.editMerchant(param('scheme'), param('id'), edit));
      },
    },
    {
      method: 'POST',
      template: '/_sandbox/price-packages',
      handle({ json }) {
        const { name } = readObject(json(), ['name']);
        return { status: 200, value: lifecycle.addPricePackage(readName(name)) };
      },
    },
    {
      method: 'DELETE',
      template: '/_sandbox/price-packages/{id}',
      handle: ({ param }) => run(() => lifecycle.removePricePackage(param('id'))),
    },
  ];
}

function readName(value: unknown): string {
  if (typeof value === 'string' && value !== '' && value.length <= LONGEST_NAME) return value;
  throw new HttpError(400, `"name" must be a text of 1 to ${LONGEST_NAME} characters.`);
}

function readUnitEdit(input: unknown): UnitEdit {
  const { name, configuration } = readObject(input, ['name', 'configuration']);
  const settings = readObject(configuration, SETTINGS);
  for (const [setting, value] of Object.entries(settings)) {
    const isValid =
      value === null ||
      (setting === 'captureType' ? CAPTURE_TYPES.includes(value as string) : typeof value === 'boolean');
    if (!isValid)
      throw new HttpError(
        400,
        setting === 'captureType'
          ? `"captureType" must be ${CAPTURE_TYPES.join(', ')} or null.`
          : `"${setting}" must be true, false or null.`,
      );
  }
  return {
    ...(name !== undefined && { name: readName(name) }),
    ...(configuration !== undefined && { configuration: settings as NonNullable<UnitEdit['configuration']> }),
  };
}

function readMerchantEdit(input: unknown): MerchantEdit {
  const { name, businessAddress, businessPostAddress } = readObject(input, [
    'name',
    'businessAddress',
    'businessPostAddress',
  ]);
  return {
    ...(name !== undefined && { name: readName(name) }),
    ...(businessAddress !== undefined && { businessAddress: readAddress(businessAddress) }),
    ...(businessPostAddress !== undefined && { businessPostAddress: readAddress(businessPostAddress) }),
  };
}

function readAddress(input: unknown): Address | null {
  if (input === null) return null;
  const { lines = [], ...place } = readObject(input, ['lines', 'postCode', 'city', 'countryCode']);
  const isText = (value: unknown) => typeof value === 'string' && value.length <= LONGEST_NAME;
  if (!Array.isArray(lines) || lines.length > MOST_LINES || !lines.every(isText))
    throw new HttpError(400, `"lines" must be a list of at most ${MOST_LINES} texts.`);
  for (const [name, value] of Object.entries(place))
    if (value !== null && !isText(value)) throw new HttpError(400, `"${name}" must be a text or null.`);
  return { lines, ...place } as Address;
}

import type { Address, Merchant } from '../data/merchant.ts';
import type { PricePackage } from '../data/price-package.ts';
import type { SalesUnitConfiguration } from '../data/sales-unit.ts';

/** What a test can change of a unit. Null takes a setting away, so that the API leaves it out. */
export interface UnitEdit {
  readonly name?: string;
  readonly configuration?: {
    readonly [Setting in keyof SalesUnitConfiguration]?: SalesUnitConfiguration[Setting] | null;
  };
}

/** What a test can change of a merchant. */
export interface MerchantEdit {
  readonly name?: string;
  readonly businessAddress?: Address | null;
  readonly businessPostAddress?: Address | null;
}

/** Changes of single fields, beside the generated world. */
export class Edits {
  readonly #units = new Map<number, UnitEdit>();
  readonly #merchants = new Map<number, MerchantEdit & Pick<Merchant, 'updatedAt'>>();
  readonly #packages = new Map<string, readonly PricePackage[]>();

  editUnit(unit: number, edit: UnitEdit): void {
    const before = this.#units.get(unit);
    const configuration = { ...before?.configuration, ...edit.configuration };
    this.#units.set(unit, { ...before, ...edit, configuration });
  }

  editMerchant(merchant: number, edit: MerchantEdit, updatedAt: string): void {
    this.#merchants.set(merchant, { ...this.#merchants.get(merchant), ...edit, updatedAt });
  }

  setPackages(partner: string, packages: readonly PricePackage[]): void {
    this.#packages.set(partner, packages);
  }

  unitName(unit: number): string | undefined {
    return this.#units.get(unit)?.name;
  }

  configuration(unit: number, before: SalesUnitConfiguration): SalesUnitConfiguration {
    const edit = this.#units.get(unit)?.configuration;
    if (!edit) return before;
    const all = Object.entries({ ...before, ...edit }).filter(([, value]) => value !== null);
    return Object.fromEntries(all);
  }

  merchant(index: number, before: Merchant): Merchant {
    const edit = this.#merchants.get(index);
    return edit ? { ...before, ...edit } : before;
  }

  packages(partner: string): readonly PricePackage[] | undefined {
    return this.#packages.get(partner);
  }

  clear(): void {
    for (const edits of [this.#units, this.#merchants, this.#packages]) edits.clear();
  }
}

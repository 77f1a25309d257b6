/** What the generator needs to know to make a company look at home in its country. */
export interface Country {
  readonly code: 'NO' | 'DK' | 'FI';
  /** Scheme of its business identifiers (source: OpenAPI document 2.0.9). */
  readonly scheme: string;
  readonly companyForms: readonly string[];
  /** First words of company names. */
  readonly names: readonly string[];
  /** Second words of company names: what the company does. */
  readonly trades: readonly string[];
  /** Where a sales unit is; the part that follows the company's name in a unit's name. */
  readonly locations: readonly string[];
  /** Names that many merchants give their units, so that a name alone identifies nothing. */
  readonly commonUnitNames: readonly string[];
  readonly streets: readonly string[];
  readonly towns: readonly { readonly city: string; readonly postCode: string }[];
  /** Word before the number of a post-office box. */
  readonly postBox: string;
}

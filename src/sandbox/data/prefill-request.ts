import type { BusinessIdentifier } from './business-identifier.ts';

/** An accepted order. */
export interface PrefillRequest {
  businessIdentifier: BusinessIdentifier;
  productType: string;
  salesUnitName?: string | null;
  salesUnitLogo?: string | null;
  settlementBankAccount?: { scheme: string; id: string } | null;
  pricePackageId?: string | null;
  productUseCase?: string | null;
  annualTurnover?: number | null;
  annualTurnoverPercentage?: string | null;
  intendedPurpose?: string | null;
  app?: { appName: string } | null;
  website?: Website | null;
  hasRecurring?: boolean | null;
  merchantCategoryCode?: string | number | null;
}

interface Website {
  url: string;
  termsUrl: string;
  testWebsiteUrl?: string | null;
  testWebsiteUsername?: string | null;
  testWebsitePassword?: string | null;
}

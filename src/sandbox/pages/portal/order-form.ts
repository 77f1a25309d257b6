import type { PrefillRequest } from '../../data/prefill-request.ts';
import { isAssignable } from '../../rules/order-rules.ts';
import { createFields } from '../kit/field.ts';
import type { FormErrors } from '../kit/form-errors.ts';
import type { Html } from '../kit/html.ts';
import { html } from '../kit/html.ts';
import { productName, registerName, useCases } from '../kit/labels.ts';
import { readLogo } from '../kit/logo.ts';
import type { PriceChoice } from './price-choice.ts';
import { accountScheme } from './submitted-order.ts';

interface OrderForm {
  request: PrefillRequest;
  partner: string;
  price: PriceChoice;
  errors: FormErrors;
}

const percentages = Array.from({ length: 10 }, (_, at) => String((at + 1) * 10));

/**
 * The order as the merchant sees it. The merchant may edit all but the partner and a given price package (source: agent
 * toolkit); business and product are fixed here too, since the page would be another one with another of these.
 */
export function orderForm({ request, partner, price, errors }: OrderForm): Html {
  const { businessIdentifier: business, website, settlementBankAccount: account } = request;
  const { text, select, radios, check } = createFields(errors);
  const hasPassword = Boolean(website?.testWebsitePassword);

  return html`<form method="post" novalidate>
${errors.size > 0 && html`<div class="notice failed" role="alert"><p>The order was not submitted. See the errors at the fields below.</p></div>`}
<section class="card" aria-labelledby="business"><h2 id="business">Business</h2>
<dl><dt>${registerName(business)}</dt><dd>${business.id}</dd><dt>Product</dt><dd>${productName(request.productType)}</dd><dt>Partner</dt><dd>${partner}</dd></dl></section>
<fieldset><legend>Sales unit</legend>
${text({ name: 'salesUnitName', label: 'Name that customers see', value: request.salesUnitName, hint: '1 to 40 characters.' })}
<p class="label">Logo</p>${logo(request.salesUnitLogo)}</fieldset>
<fieldset><legend>Website or app</legend>
${select('productUseCase', 'Where it is used', request.productUseCase, useCases)}
${text({ name: 'website.url', label: 'Website', type: 'url', value: website?.url, hint: 'Starts with https://' })}
${text({ name: 'website.termsUrl', label: 'Terms of sale', type: 'url', value: website?.termsUrl, hint: 'Starts with https://' })}
${text({ name: 'website.testWebsiteUrl', label: 'Test site', type: 'url', value: website?.testWebsiteUrl })}
${text({ name: 'website.testWebsiteUsername', label: 'User name on the test site', value: website?.testWebsiteUsername })}
${text({ name: 'website.testWebsitePassword', label: 'Password on the test site', type: 'password', hint: hasPassword ? 'Given: ••••••••. Leave empty to keep it.' : 'None given.' })}
${text({ name: 'app.appName', label: 'Name of the app', value: request.app?.appName })}</fieldset>
<fieldset><legend>Price</legend>${priceField(price, request, radios)}</fieldset>
<fieldset><legend>Settlement account</legend>
${text({ name: 'settlementBankAccount.id', label: 'Account number', numeric: true, value: account?.id, hint: `${account?.scheme ?? accountScheme(request)}, 9 to 34 digits. It must belong to the business.` })}</fieldset>
<fieldset><legend>Turnover</legend>
${text({ name: 'annualTurnover', label: 'Yearly turnover', numeric: true, value: request.annualTurnover, hint: 'In whole units of the local currency.' })}
${select(
  'annualTurnoverPercentage',
  'Share expected through the product',
  request.annualTurnoverPercentage,
  percentages.map((percentage) => [percentage, `${percentage} %`]),
)}</fieldset>
<fieldset><legend>Use</legend>
${text({ name: 'intendedPurpose', label: 'Intended purpose', rows: 4, value: request.intendedPurpose, hint: 'What is sold, and how.' })}
${text({ name: 'merchantCategoryCode', label: 'Merchant category code', numeric: true, value: knownCode(request.merchantCategoryCode), hint: 'Four digits.' })}
${check('hasRecurring', 'Recurring payments', request.hasRecurring === true)}</fieldset>
<p><button class="main" type="submit">Submit the order</button></p>
</form>`;
}

function logo(given: string | null | undefined): Html {
  if (!given) return html`<p>None given.</p>`;
  const found = readLogo(given);
  return found
    ? html`<p><img class="logo" alt="Logo of the sales unit" src="${found.dataUrl}" width="${found.width}" height="${found.height}"></p>`
    : html`<p>Not shown: a logo must be a PNG of 100 to 1000 pixels per side.</p>`;
}

function priceField(
  price: PriceChoice,
  { pricePackageId }: PrefillRequest,
  radios: ReturnType<typeof createFields>['radios'],
): Html {
  if (price.kind === 'none') return html`<p>The partner offers no price package for this product.</p>`;
  if (price.kind === 'settled') {
    return html`<p>Agreed with the partner${price.name !== undefined && html`: ${price.name}`}. The form does not show the price.</p>`;
  }
  return radios(
    'pricePackageId',
    pricePackageId,
    price.choices.map((one) => [one.pricePackageId, `${one.name}, ${one.description}`]),
  );
}

/**
 * The code to preselect: a code that the form does not have is ignored (source: the API's guide). Examples of the guide send
 * an integer, which has lost its leading zeros.
 */
function knownCode(code: string | number | null | undefined): string | undefined {
  return code != null && isAssignable(Number(code)) ? String(code).padStart(4, '0') : undefined;
}

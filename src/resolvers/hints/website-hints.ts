import { type Hint, type HintInput, hint } from './hint.ts';

export function* websiteHints({ productType, productUseCase, website, app }: HintInput): Generator<Hint> {
  const needsSite = productUseCase === 'Website' || productUseCase === 'WebsiteWithTest';
  if (!website && productUseCase !== 'App' && (needsSite || productType === 'PAYMENT_INTEGRATION'))
    yield hint(
      'WEBSITE_MISSING',
      'website',
      'Add the website and its terms. Without them, the order waits until the merchant provides them.',
    );
  if (!app && productUseCase === 'App') yield hint('APP_MISSING', 'app', 'The use case is APP. Add the app.');
  if (website && website.termsUrl.trim() === website.url.trim())
    yield hint(
      'TERMS_URL_IS_WEBSITE',
      'website.termsUrl',
      'The terms need a page of their own. Missing terms are a common cause of delay.',
    );
  const { testWebsiteUrl, testWebsiteUsername, testWebsitePassword } = website ?? {};
  if (website && !testWebsiteUrl && productUseCase === 'WebsiteWithTest')
    yield hint(
      'TEST_WEBSITE_MISSING',
      'website.testWebsiteUrl',
      'The use case is WEBSITE_WITH_TEST. Add the URL of the test website.',
    );
  if (testWebsiteUrl && !(testWebsiteUsername && testWebsitePassword))
    yield hint(
      'TEST_WEBSITE_CREDENTIALS_MISSING',
      'website.testWebsiteUsername',
      'If the test website requires a user name and password, the order is delayed until they are provided.',
    );
  if (testWebsiteUrl && !/^https:\/\/\S+$/.test(testWebsiteUrl))
    yield hint('TEST_WEBSITE_URL', 'website.testWebsiteUrl', 'Use an https URL without spaces.');
}

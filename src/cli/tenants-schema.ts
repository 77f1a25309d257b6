import { z } from 'zod';
import { TenantsFile } from '../config/tenants/tenants-file-shape.ts';

/** Returns the JSON Schema of TENANTS_FILE, for editors. With `input`, properties that have a default are optional. */
export const tenantsSchema = () =>
  `${JSON.stringify({ title: 'TENANTS_FILE of management-graphql', ...z.toJSONSchema(TenantsFile, { io: 'input' }) }, null, 2)}\n`;

import { z } from 'zod';
import { TenantsFile } from '../config/tenants-file-shape.ts';

/** The JSON Schema of TENANTS_FILE, for editors. `input`: what has a default may be left out. */
export const tenantsSchema = () =>
  `${JSON.stringify({ title: 'TENANTS_FILE of management-graphql', ...z.toJSONSchema(TenantsFile, { io: 'input' }) }, null, 2)}\n`;

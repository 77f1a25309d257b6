import { install } from '../clients/install.ts';

export const setup = () => install(new URL('../../examples/supergraph/', import.meta.url));

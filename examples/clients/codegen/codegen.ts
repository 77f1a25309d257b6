import type { CodegenConfig } from '@graphql-codegen/cli';

const config: CodegenConfig = {
  schema: './schema.graphql',
  documents: './units.ts',
  importExtension: '.ts',
  generates: {
    './generated/': {
      preset: 'client',
      presetConfig: {
        // The gateway reads the file as TRUSTED_DOCUMENTS_FILE, and both compute ids with SHA-256.
        persistedDocuments: { hashAlgorithm: 'sha256' },
        fragmentMasking: false,
      },
      config: {
        documentMode: 'string',
        useTypeImports: true,
        enumsAsTypes: true,
        strictScalars: true,
        // ISO 8601 in JSON. Make a Date of it where you show it.
        scalars: { DateTime: 'string' },
      },
    },
  },
};

export default config;

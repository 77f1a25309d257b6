export const USAGE = `Usage: management-graphql [command]

  serve            starts the gateway (default), on an embedded sandbox unless MANAGEMENT_API_URL is set
  sandbox          starts the sandbox alone, for any client of the Management API
  schema           prints the GraphQL schema
  subgraph-schema  prints the schema of /subgraph with its federation directives, for composing a supergraph
  tenants-schema   prints the JSON Schema of TENANTS_FILE, for editors
  key              creates a key for a caller, and the entry for TENANTS_FILE
  export           writes all sales units with their merchants to a file; repeat it to continue after a break
  changes          prints what changed as JSON lines, from a running gateway
  doctor           checks the configuration and the keys, and reports what the keys can see

  -h, --help      prints this text
  -v, --version   prints the version

  --env FILE      reads variables from a file such as .env; those of the environment take precedence

Flags of export:

  --out FILE            the file to write, or to continue
  --format FORMAT       csv or jsonl; by the ending of the file by default
  --tenant ID           a tenant of TENANTS_FILE, the first by default

Flags of changes, whose caller's key is in GATEWAY_KEY:

  --url URL             the gateway, http://127.0.0.1:4000/graphql by default
  --after CURSOR        begins after this change instead of with the oldest
  --cursor-file FILE    goes on where the last run with this file ended
  --follow              does not end, and prints changes as they come

Flags of key:

  --scopes LIST         what the caller may do: read (default), product-orders:write, introspect, separated by commas
  --name NAME           who holds the key, for the log
  --audience AUDIENCE   backend (default), browser or router, which decides how large operations may be

Flags of sandbox, which override its variables:

  --port N              SANDBOX_PORT, any free port by default
  --host ADDRESS        SANDBOX_HOST, 127.0.0.1 by default; anyone who can reach the sandbox can control it
  --units N             SANDBOX_UNITS, the number of sales units that the partner sees
  --seed N              SANDBOX_SEED, from which all data and keys are generated
  --latency MS          SANDBOX_LATENCY_MS, how long every call takes
  --token-lifetime S    SANDBOX_TOKEN_LIFETIME_SECONDS, 24 hours and 15 minutes by default; 3600 is that of the test environment
  --policy NAME=VALUE   SANDBOX_POLICY, how the sandbox behaves where the API's documents are unclear; repeatable
  --policy help         prints every policy with its choices

The gateway is configured by environment variables: see docs/configuration.md.
`;

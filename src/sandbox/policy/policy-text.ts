import type { Policy } from './policy.ts';
import { findPolicy, policyDefinition, policyNames, policyRule, readPolicyValue } from './policy.ts';

/**
 * Reads `name=value`, the form of command lines and environment variables. A mistake names the position of the
 * setting and not its text, which could be a secret.
 */
export function parsePolicy(settings: readonly string[]): { policy: Partial<Policy>; mistakes: string[] } {
  const policy: Record<string, unknown> = {};
  const mistakes: string[] = [];
  settings.forEach((setting, index) => {
    const equals = setting.indexOf('=');
    const name = findPolicy(setting.slice(0, Math.max(0, equals)).trim());
    if (!name) {
      const which = settings.length === 1 ? '' : `setting ${index + 1} `;
      mistakes.push(`${which}must be name=value, with the name of a policy`);
      return;
    }
    const value = readPolicyValue(name, setting.slice(equals + 1).trim());
    if (value === undefined) mistakes.push(`${name} must be ${policyRule(name)}`);
    else policy[name] = value;
  });
  return { policy, mistakes };
}

/** Returns the table of policies for a terminal. */
export function describePolicies(): string {
  return policyNames
    .map((name) => {
      const { description, default: initial } = policyDefinition(name);
      const rule = policyRule(name).replace(/^one of /, '');
      return [`${name}=${initial}`, `    ${rule}`, ...wrap(description).map((line) => `    ${line}`)].join(
        '\n',
      );
    })
    .join('\n\n');
}

function wrap(text: string, width = 96): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line && line.length + word.length >= width) {
      lines.push(line);
      line = word;
    } else line = line ? `${line} ${word}` : word;
  }
  return [...lines, line];
}

/** `setXxxListener`, `removeXxxListener` and the accepted spellings of both. */
export function setterOf(method: string): { name: string; sets: boolean } | undefined {
  const match = /^(set|remove|del)(\w+?)Listend?er$/.exec(method);
  return match ? { name: match[2]!, sets: match[1] === 'set' } : undefined;
}

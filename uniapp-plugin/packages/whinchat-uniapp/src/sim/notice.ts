const ID = 'whinchat-notice';

/** A line at the foot of the page, above whatever the app draws. */
export function showNotice(text: string): void {
  if (typeof document === 'undefined') return;
  if (!document.body) {
    document.addEventListener('DOMContentLoaded', () => showNotice(text), { once: true });
    return;
  }
  document.getElementById(ID)?.remove();
  if (!text) return;
  const line = document.createElement('div');
  line.id = ID;
  line.setAttribute('role', 'alert');
  line.textContent = text;
  line.style.cssText =
    'position:fixed;left:12px;right:12px;bottom:12px;z-index:2147483647;padding:12px 14px;border-radius:10px;' +
    'background:#7a1f1f;color:#fff;font:14px/1.45 system-ui,sans-serif;box-shadow:0 6px 24px rgba(0,0,0,.3);overflow-wrap:anywhere';
  document.body.append(line);
}

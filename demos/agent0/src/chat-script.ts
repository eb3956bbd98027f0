// The script of the chat page: sends a sentence without reloading, and shows the answer as it streams. The server
// renders the same markup as without the script; after any error, the page reloads.

/** Each line of the streamed answer is one of these, as JSON. */
export type ChatEvent =
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'tool'; readonly name: string }
  | { readonly type: 'turn'; readonly turn: string; readonly panel: string }

export const CHAT_SCRIPT = `
(() => {
  const log = document.querySelector('.turns');
  const panel = document.querySelector('.wire');
  const field = document.querySelector('#sentence');
  if (!log || !panel || !field) return;
  let busy = false;
  // Shows the latest turn if the page itself scrolls, without hiding it behind the message field.
  if (log.children.length > 1) log.lastElementChild.scrollIntoView({ block: 'nearest' });
  for (const form of document.querySelectorAll('form[action="/chat"]')) {
    form.addEventListener('submit', (event) => {
      const sentence = (event.submitter && event.submitter.value) || field.value;
      event.preventDefault();
      if (busy || sentence.trim() === '') return;
      busy = true;
      field.value = '';
      send(sentence).catch(() => location.reload()).finally(() => { busy = false; field.focus(); });
    });
  }
  async function send(sentence) {
    const asked = addItem('asked', sentence);
    const said = addItem('said', '');
    const words = said.firstChild;
    said.setAttribute('aria-busy', 'true');
    const response = await fetch('/api/chat/stream', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ sentence }),
    });
    if (!response.ok || !response.body) throw new Error('no answer');
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
    let rest = '';
    let finished = false;
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      const lines = (rest + part.value).split('\\n');
      rest = lines.pop();
      for (const line of lines) finished = take(JSON.parse(line)) || finished;
    }
    if (!finished) throw new Error('broken off');
    function take(event) {
      if (event.type === 'text') words.textContent += event.text;
      else if (event.type === 'tool') words.textContent += (words.textContent ? ' ' : '') + '(' + event.name + ') ';
      else {
        asked.remove();
        said.insertAdjacentHTML('beforebegin', event.turn);
        said.remove();
        panel.innerHTML = event.panel;
      }
      log.lastElementChild.scrollIntoView({ block: 'nearest' });
      return event.type === 'turn';
    }
  }
  function addItem(kind, text) {
    const item = document.createElement('li');
    item.className = kind;
    item.append(document.createElement('p'));
    item.firstChild.className = 'text';
    item.firstChild.textContent = text;
    log.append(item);
    return item;
  }
})();
`

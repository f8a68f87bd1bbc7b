// The trial page: who one is, one phone's talk, the rehearsal clock. Every word from outside is written as text.

const WEEKDAYS = ["Chủ nhật", "Thứ Hai", "Thứ Ba", "Thứ Tư", "Thứ Năm", "Thứ Sáu", "Thứ Bảy"];
const REFUSALS = {
  too_long: "Tin dài quá 4.096 ký tự. Mời đồng chí chia thành hai tin.",
  not_listening: "Chương trình đang khởi động. Mời đồng chí đợi vài giây rồi gửi lại.",
  clock_goes_forward: "Đồng hồ chỉ đi tới, không lùi lại được.",
  too_far: "Xa quá: mỗi lần chỉ đi tới được 5 năm.",
  unknown_chat: "Không có điện thoại này. Mời đồng chí chọn lại vai.",
};
const OFFLINE = "Mất liên lạc với chương trình. Trang đang tự nối lại…";
const KINDS = { photo: "Một tấm ảnh", voice: "Một tin thoại" };
const ENVELOPE = "M4 6.5h16v11H4zM4 7l8 6 8-6";
const PAPER = "M7 3.5h7l4 4v13H7zM14 3.5v4h4";
const OFFICE_OFFSET_MS = 7 * 3600 * 1000;
const TYPING_MS = 12000;

const $ = (id) => document.getElementById(id);
const page = { personas: [], commands: [], key: "", skin: "telegram", after: 0, known: 0, run: "", unread: {}, clock: null, isAtEnd: true };
let asking = new AbortController();
let drawnDay = "";
let typingTimer = 0;

function make(tag, className = "", text = "") {
  const element = document.createElement(tag);
  if (className) element.className = className;
  if (text) element.textContent = text;
  return element;
}

function icon(path) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  const line = document.createElementNS("http://www.w3.org/2000/svg", "path");
  line.setAttribute("d", path);
  svg.append(line);
  return svg;
}

async function ask(path, { body, signal } = {}) {
  const options = body
    ? { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) }
    : { signal };
  const answer = await fetch(path, options);
  if (answer.ok) return answer.json();
  const { refused } = await answer.json().catch(() => ({}));
  const refusal = new Error("refused");
  refusal.words = REFUSALS[refused] ?? "Chương trình không nhận được việc này. Mời đồng chí thử lại.";
  throw refusal;
}

function notify(words) {
  $("notice").textContent = words;
  $("notice").hidden = !words;
}

// --- who one is ---

const persona = () => page.personas.find((one) => one.key === page.key);
const chat = () => persona()?.chats[page.skin] ?? "";
const unreadOf = (one) => Object.values(one.chats).reduce((sum, id) => sum + unreadIn(id), 0);
const unreadIn = (id) => (id === watched() ? 0 : page.unread[id] ?? 0);
// The phone that is before somebody's eyes: on a small screen it may be another screen's turn.
const watched = () => ($("phone").offsetParent === null ? "" : chat());

function show(screen) {
  document.body.dataset.screen = screen;
  askAgain();
}

function drawPersonas() {
  $("personas").replaceChildren(...page.personas.map((one, index) => {
    const button = make("button", "persona");
    button.type = "button";
    button.dataset.key = one.key;
    const face = make("span", `face f${index % 5}`, [...(one.name || one.title).trim().split(" ").at(-1)][0].toUpperCase());
    face.setAttribute("aria-hidden", "true");
    const words = make("span");
    words.append(make("strong", "", one.title), make("small", "", [one.name, one.place].filter(Boolean).join(" · ")));
    const badge = make("span", "badge");
    badge.dataset.persona = one.key;
    button.append(face, words, badge);
    button.addEventListener("click", () => become(one.key, page.skin));
    const item = make("li");
    item.append(button);
    return item;
  }));
}

function drawBadge(badge, count) {
  badge.hidden = count === 0;
  badge.textContent = count ? String(count) : "";
  badge.setAttribute("aria-label", count ? `${count} tin chưa đọc` : "");
}

function drawBadges() {
  for (const one of page.personas) {
    drawBadge(document.querySelector(`[data-persona="${CSS.escape(one.key)}"]`), unreadOf(one));
  }
  for (const skin of ["telegram", "zalo"]) {
    const here = persona()?.chats[skin];
    drawBadge(document.querySelector(`[data-skin-badge="${skin}"]`), here ? unreadIn(here) : 0);
  }
  const others = page.personas.filter((one) => one.key !== page.key);
  drawBadge($("others-unread"), others.reduce((sum, one) => sum + unreadOf(one), 0));
  const waiting = page.personas.flatMap((one) => Object.entries(one.chats).map(([skin, id]) => ({ one, skin, count: unreadIn(id) })));
  $("waiting").replaceChildren(...waiting.filter(({ count }) => count).map(({ one, skin, count }) => {
    const button = make("button");
    button.type = "button";
    const badge = make("span", "badge");
    drawBadge(badge, count);
    button.append(make("span", "", `${one.title} · ${skin === "zalo" ? "Zalo" : "Telegram"}`), badge);
    button.addEventListener("click", () => become(one.key, skin));
    const item = make("li");
    item.append(button);
    return item;
  }));
}

function become(key, skin) {
  page.key = key;
  page.skin = skin;
  location.replace(`#${key}-${skin}`);
  page.after = 0;
  drawnDay = "";
  $("talk").replaceChildren();
  $("draft").value = "";
  stopTyping();
  notify("");
  $("phone").dataset.skin = skin;
  document.querySelector(`[name="skin"][value="${skin}"]`).checked = true;
  const one = persona();
  for (const button of document.querySelectorAll(".persona")) button.setAttribute("aria-pressed", String(button.dataset.key === key));
  $("being").replaceChildren(one.title, make("i", "", one.name ? ` · ${one.name}` : ""));
  $("draft").placeholder = skin === "zalo" ? "Nhắn tin, hoặc gõ số" : "Nhắn tin…";
  drawTries($("tries"), one.tries);
  $("tries-card").hidden = one.tries.length === 0;
  drawMore();
  drawKeyboard([]);
  $("empty").hidden = true;
  show("talk");
}

function drawTries(box, tries) {
  box.replaceChildren(...tries.map((sentence) => {
    const button = make("button", "", sentence);
    button.type = "button";
    button.addEventListener("click", () => {
      show("talk");
      $("draft").value = sentence;
      fitDraft();
      $("draft").focus();
    });
    return button;
  }));
}

// --- one talk ---

function drawSaid(said) {
  $("empty").hidden = true;
  const day = said.at.slice(0, 10);
  if (day !== drawnDay) {
    drawnDay = day;
    $("talk").append(make("li", "day", longDay(said.at)));
  }
  const item = make("li", `message ${said.by_bot ? "from-bot" : "from-me"}`);
  item.dataset.number = said.number;
  item.classList.toggle("is-letter", said.is_letter);
  item.classList.toggle("is-press", Boolean(said.pressed));
  item.classList.toggle("is-kind", said.kind in KINDS);
  const bubble = make("div", "bubble");
  bubble.append(make("span", "hidden-label", said.by_bot ? "Bot: " : "Đồng chí: "));
  if (said.is_letter) {
    const mark = make("p", "letter-mark");
    mark.append(icon(ENVELOPE), make("span", "", "Thư bot tự gửi"));
    bubble.append(mark);
  }
  bubble.append(words(said));
  if (said.file) bubble.append(...fileOf(said.file));
  const time = make("time", "", said.at.slice(11, 16));
  time.dateTime = said.at;
  bubble.append(time);
  item.append(bubble);
  if (said.buttons.length) item.append(choicesOf(said.buttons));
  $("talk").append(item);
  if (said.pressed) markPressed(said.pressed);
  return item;
}

function words(said) {
  const box = make("p", "words");
  box.dir = "auto";
  if (said.kind in KINDS) {
    box.textContent = KINDS[said.kind];
    return box;
  }
  said.lines.forEach((line, index) => {
    if (index) box.append("\n");
    for (const span of line) box.append(span.bold ? make("strong", "", span.text) : span.text);
  });
  return box;
}

function fileOf(file) {
  const parts = [];
  const path = `/trial/file/${encodeURIComponent(file.id)}`;
  if (file.is_picture) {
    const picture = make("img", "picture");
    picture.src = path;
    picture.alt = file.name;
    picture.addEventListener("load", () => { if (page.isAtEnd) stayAtEnd(picture.closest(".message")); });
    parts.push(picture);
  }
  const link = make("a", "file");
  link.href = path;
  link.download = file.name;
  const label = make("span", "", file.name);
  label.append(make("small", "", `Tải về · ${sizeOf(file.bytes)}`));
  link.append(icon(PAPER), label);
  return [...parts, link];
}

const sizeOf = (bytes) => (bytes < 1024 * 1024 ? `${Math.max(1, Math.round(bytes / 1024))} KB` : `${(bytes / 1024 / 1024).toFixed(1).replace(".", ",")} MB`);

function choicesOf(buttons) {
  const box = make("div", "choices");
  box.setAttribute("role", "group");
  box.setAttribute("aria-label", "Lựa chọn");
  for (const { label, code } of buttons) {
    const button = make("button", "", label);
    button.type = "button";
    button.dataset.code = code;
    button.addEventListener("click", async () => {
      button.disabled = true;
      await say({ pressed: code });
      button.disabled = false;
    });
    box.append(button);
  }
  return box;
}

function markPressed(code) {
  for (const button of document.querySelectorAll(`.choices [data-code="${CSS.escape(code)}"]`)) button.setAttribute("aria-pressed", "true");
}

function drawKeyboard(labels) {
  const keyboard = $("keyboard");
  if (keyboard.childElementCount === labels.length && [...keyboard.children].every((key, index) => key.textContent === labels[index])) return;
  keyboard.replaceChildren(...labels.map((label) => {
    const key = make("button", "", label);
    key.type = "button";
    key.addEventListener("click", () => say({ text: label }));
    return key;
  }));
  $("to-keyboard").hidden = labels.length === 0;
  keyboard.hidden = labels.length === 0 || $("to-keyboard").getAttribute("aria-expanded") === "false";
}

function drawMore() {
  toggle("more", "to-more", false);
  $("commands").replaceChildren(...(page.skin === "telegram" ? page.commands : []).map(({ word, does }) => {
    const button = make("button");
    button.type = "button";
    button.append(make("strong", "", `/${word.replace(/^\//, "")}`), make("span", "", does));
    button.addEventListener("click", () => {
      toggle("more", "to-more", false);
      say({ text: `/${word.replace(/^\//, "")}` });
    });
    const item = make("li");
    item.append(button);
    return item;
  }));
}

function drawEmpty() {
  const isEmpty = Boolean(chat()) && $("talk").childElementCount === 0;
  $("empty").hidden = !isEmpty;
  if (!isEmpty) return;
  const isZalo = page.skin === "zalo";
  $("empty-words").textContent = isZalo
    ? "Chưa có tin nào. Trên Zalo không có nút: bot đánh số các lựa chọn, đồng chí gõ số để chọn."
    : "Chưa có tin nào. Bấm Bắt đầu, hoặc nhắn luôn một câu.";
  $("start").textContent = isZalo ? "Gửi lời chào" : "Bắt đầu";
  drawTries($("empty-tries"), persona().tries.slice(0, 2));
}

function isAtEnd() {
  const frame = $("talk-frame");
  return frame.scrollHeight - frame.scrollTop - frame.clientHeight < 60;
}

function stayAtEnd(from = null) {
  // A message longer than the screen is read from its first line.
  const frame = $("talk-frame");
  frame.scrollTop = from ? Math.min(frame.scrollHeight, from.offsetTop - frame.offsetTop - 10) : frame.scrollHeight;
  page.isAtEnd = isAtEnd();
  $("to-newest").hidden = page.isAtEnd;
}

function startTyping() {
  $("typing").hidden = false;
  clearTimeout(typingTimer);
  typingTimer = setTimeout(stopTyping, TYPING_MS);
}

function stopTyping() {
  clearTimeout(typingTimer);
  $("typing").hidden = true;
}

async function say(what) {
  if (!chat()) {
    show("people");
    return false;
  }
  const from = chat();
  try {
    await ask("/trial/say", { body: { chat: from, ...what } });
  } catch (problem) {
    notify(problem.words ?? OFFLINE);
    return false;
  }
  if (from === chat()) notify("");
  return true;
}

// --- news ---

function askAgain() {
  drawBadges();
  asking.abort();
  asking = new AbortController();
  listen(asking.signal);
}

async function listen(signal) {
  let mayWait = false;
  while (!signal.aborted) {
    const here = watched();
    try {
      // The first question, and the first after a failure, is answered at once; the next ones wait for news.
      const waiting = mayWait ? `&known=${page.known}` : "";
      const news = await ask(`/trial/chat?chat=${encodeURIComponent(here)}&after=${page.after}${waiting}`, { signal });
      if (signal.aborted) return;
      take(news, here);
      clearOffline();
      mayWait = true;
    } catch (problem) {
      if (signal.aborted) return;
      mayWait = false;
      notify(problem.words ?? OFFLINE);
      await new Promise((done) => setTimeout(done, 2000));
    }
  }
}

function drawNews(said, isFirst) {
  if (said.length === 0) return;
  const drawn = said.map(drawSaid);
  const last = said.at(-1);
  page.after = last.number;
  if (last.by_bot) stopTyping();
  else if (!isFirst) startTyping();
  if (isFirst || !last.by_bot) stayAtEnd(isFirst ? drawn.at(-1) : null);
  else if (page.isAtEnd) stayAtEnd(drawn.find((item) => item.classList.contains("from-bot")));
  else $("to-newest").hidden = false;
}

function clearOffline() {
  if ($("notice").textContent === OFFLINE) notify("");
}

function take(news, here) {
  // The program was started anew: its talks began anew, too.
  if (page.run && news.run !== page.run) {
    location.reload();
    return;
  }
  page.run = news.run;
  page.known = news.last;
  page.unread = news.unread;
  setClock(news.now);
  if (here) {
    // What is drawn is seen; the program learns it from the next question's `after`.
    delete page.unread[here];
    drawKeyboard(news.menu);
    drawNews(news.said, page.after === 0);
    drawEmpty();
  }
  drawBadges();
}

// --- the rehearsal clock ---

function setClock(now) {
  page.clock = { moment: Date.parse(now), since: performance.now() };
  drawClock();
}

function officeNow() {
  return new Date(page.clock.moment + performance.now() - page.clock.since + OFFICE_OFFSET_MS).toISOString();
}

function drawClock() {
  if (!page.clock) return;
  const now = officeNow();
  for (const face of document.querySelectorAll(".time-now")) face.textContent = now.slice(11, 16);
  for (const face of document.querySelectorAll(".day-now")) face.textContent = longDay(now);
  $("moment").min = now.slice(0, 16);
}

function longDay(at) {
  const [year, month, day] = at.slice(0, 10).split("-").map(Number);
  const weekday = WEEKDAYS[new Date(Date.UTC(year, month - 1, day)).getUTCDay()];
  return `${weekday}, ${at.slice(8, 10)}/${at.slice(5, 7)}/${year}`;
}

async function moveClock(body) {
  const buttons = document.querySelectorAll(".clock button");
  for (const button of buttons) button.disabled = true;
  $("clock-result").textContent = "Đang chuyển giờ…";
  try {
    const news = await ask("/trial/clock", { body });
    page.unread = news.unread;
    setClock(news.now);
    drawBadges();
    $("clock-result").textContent = `Bây giờ là ${officeNow().slice(11, 16)}, ${longDay(officeNow())}.`;
  } catch (problem) {
    $("clock-result").textContent = problem.words ?? OFFLINE;
  }
  for (const button of buttons) button.disabled = false;
}

// --- hands ---

function toggle(boxId, buttonId, isOpen) {
  $(boxId).hidden = !isOpen;
  $(buttonId).setAttribute("aria-expanded", String(isOpen));
}

function fitDraft() {
  const draft = $("draft");
  draft.style.height = "auto";
  draft.style.height = `${draft.scrollHeight + 3}px`;
}

async function sendDraft() {
  const draft = $("draft");
  const text = draft.value;
  if (!text.trim() || $("send").disabled) return;
  $("send").disabled = true;
  if (await say({ text })) {
    if (draft.value === text) draft.value = "";
    fitDraft();
  }
  $("send").disabled = false;
  draft.focus();
}

function connect() {
  $("composer").addEventListener("submit", (event) => { event.preventDefault(); sendDraft(); });
  $("draft").addEventListener("input", fitDraft);
  $("draft").addEventListener("keydown", (event) => {
    // While Vietnamese letters are being composed, Enter belongs to the input method.
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    sendDraft();
  });
  for (const radio of document.querySelectorAll('[name="skin"]')) {
    radio.addEventListener("change", () => { page.skin = radio.value; if (page.key) become(page.key, radio.value); });
  }
  $("start").addEventListener("click", () => say({ text: page.skin === "zalo" ? "Xin chào" : "/start" }));
  $("to-people").addEventListener("click", () => show("people"));
  $("to-clock").addEventListener("click", () => show("clock"));
  $("back-to-talk").addEventListener("click", () => show(page.key ? "talk" : "people"));
  $("to-more").addEventListener("click", () => toggle("more", "to-more", $("more").hidden));
  $("to-keyboard").addEventListener("click", () => toggle("keyboard", "to-keyboard", $("keyboard").hidden));
  $("to-newest").addEventListener("click", () => stayAtEnd());
  $("talk-frame").addEventListener("scroll", () => {
    page.isAtEnd = isAtEnd();
    if (page.isAtEnd) $("to-newest").hidden = true;
  });
  for (const button of document.querySelectorAll("[data-kind]")) {
    button.addEventListener("click", () => { toggle("more", "to-more", false); say({ kind: button.dataset.kind }); });
  }
  for (const button of document.querySelectorAll("[data-step]")) {
    button.addEventListener("click", () => moveClock({ step: button.dataset.step }));
  }
  $("clock-form").addEventListener("submit", (event) => { event.preventDefault(); moveClock({ to: $("moment").value }); });
  document.addEventListener("keydown", (event) => { if (event.key === "Escape") toggle("more", "to-more", false); });
  window.addEventListener("resize", () => { if (page.isAtEnd) stayAtEnd(); });
  matchMedia("(max-width: 779px)").addEventListener("change", askAgain);
  window.addEventListener("hashchange", followAddress);
  setInterval(drawClock, 5000);
}

function followAddress() {
  const [, key, skin] = /^#(.+)-(telegram|zalo)$/.exec(decodeURIComponent(location.hash)) ?? [];
  if (!page.personas.some((one) => one.key === key)) return false;
  if (key !== page.key || skin !== page.skin) become(key, skin);
  return true;
}

async function begin() {
  connect();
  while (page.personas.length === 0) {
    try {
      const state = await ask("/trial/state");
      Object.assign(page, { personas: state.personas, commands: state.commands });
      drawPersonas();
      take(state, "");
      if (state.personas.length === 0) return;
    } catch {
      notify(OFFLINE);
      await new Promise((done) => setTimeout(done, 2000));
    }
  }
  if (!followAddress()) askAgain();
}

begin();

// Finds sections and reporters by name, in Hangul also by initial consonants (ㄱㅅㅎ finds 김서현) and while a syllable is
// still being typed; copies addresses. The page works without it: what needs it is hidden until it runs.
"use strict";

const INITIALS = [..."ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ"];
const FINALS = ["", ..."ㄱㄲㄳㄴㄵㄶㄷㄹㄺㄻㄼㄽㄾㄿㅀㅁㅂㅄㅅㅆㅇㅈㅊㅋㅌㅍㅎ"];
// A final of two letters may still lose its second to the next syllable: 값 becomes 갑시.
const SPLIT_FINALS = { ㄳ: "ㄱㅅ", ㄵ: "ㄴㅈ", ㄶ: "ㄴㅎ", ㄺ: "ㄹㄱ", ㄻ: "ㄹㅁ", ㄼ: "ㄹㅂ", ㄽ: "ㄹㅅ", ㄾ: "ㄹㅌ", ㄿ: "ㄹㅍ", ㅀ: "ㄹㅎ", ㅄ: "ㅂㅅ" };
// Numbers of the vowels that grow into others: ㅗ into ㅘ ㅙ ㅚ, ㅜ into ㅝ ㅞ ㅟ, ㅡ into ㅢ.
const GROWN_VOWELS = { 8: [9, 10, 11], 13: [14, 15, 16], 18: [19] };

/** Initial, vowel and final of a syllable as their numbers in Unicode's order, or null for any other character. */
function takenApart(character) {
  const code = character.codePointAt(0) - 0xac00;
  return code >= 0 && code < 11172 ? [Math.floor(code / 588), Math.floor(code / 28) % 21, code % 28] : null;
}

function folded(text) {
  return text.normalize("NFC").toLowerCase().replace(/\s+/g, "");
}

/** What may be meant by a text whose last syllable is still being typed: 섷 may become 서ㅎ. */
function readings(text) {
  const parts = text ? takenApart(text.at(-1)) : null;
  if (!parts || parts[2] === 0) return [text];
  const last = FINALS[parts[2]];
  const [stays, moves] = SPLIT_FINALS[last] ?? ["", last];
  const code = 0xac00 + parts[0] * 588 + parts[1] * 28 + FINALS.indexOf(stays);
  return [text, text.slice(0, -1) + String.fromCodePoint(code) + moves];
}

function fits(typed, character, isLast) {
  if (typed === character) return true;
  const parts = takenApart(character);
  if (!parts) return false;
  if (INITIALS.includes(typed)) return INITIALS[parts[0]] === typed;
  const begun = takenApart(typed);
  if (!isLast || !begun || begun[2] !== 0 || begun[0] !== parts[0]) return false;
  return begun[1] === parts[1] || (GROWN_VOWELS[begun[1]] ?? []).includes(parts[1]);
}

function matches(query, name) {
  const letters = [...folded(name)];
  return readings(folded(query)).some((reading) => {
    const typed = [...reading];
    return letters.some(
      (_, start) =>
        start + typed.length <= letters.length &&
        typed.every((letter, place) => fits(letter, letters[start + place], place === typed.length - 1)),
    );
  });
}

function search(query) {
  let found = false;
  for (const section of document.querySelectorAll("main section")) {
    const rows = [...section.querySelectorAll("[data-find]")];
    for (const row of rows) row.hidden = query.trim() !== "" && !matches(query, row.dataset.find);
    section.hidden = rows.length > 0 && rows.every((row) => row.hidden);
    found ||= !section.hidden;
  }
  const nothing = document.getElementById("nothing");
  nothing.textContent = found ? "" : nothing.dataset.text;
}

async function copy(button) {
  const field = button.parentElement.querySelector("input");
  field.select();
  try {
    await navigator.clipboard.writeText(field.value);
  } catch {
    if (!document.execCommand("copy")) return; // pages served without https have no clipboard; the address is selected
  }
  const label = button.textContent;
  button.textContent = button.dataset.done;
  setTimeout(() => { button.textContent = label; }, 1600);
}

function closeAll(but) {
  for (const open of document.querySelectorAll("details[open]")) if (open !== but) open.open = false;
}

const form = document.getElementById("search");
form.hidden = false;
form.addEventListener("submit", (event) => event.preventDefault());
form.addEventListener("input", (event) => search(event.target.value));
for (const button of document.querySelectorAll(".address button")) {
  button.hidden = false;
  button.addEventListener("click", () => copy(button));
}
document.addEventListener("click", (event) => closeAll(event.target.closest("details")));
document.addEventListener("keydown", (event) => { if (event.key === "Escape") closeAll(null); });

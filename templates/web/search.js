// Finds sections and reporters by name, in Hangul also by initial consonants (ㄱㅅㅎ finds 김서현) and while a syllable is
// still being typed. The page works without it: what needs it is hidden until it runs.
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

/** Shows a row that is found itself, that holds one that is found, or that stands below one. */
function search(query) {
  const wanted = query.trim() !== "";
  const hits = new Set([...document.querySelectorAll("main .name")].filter((name) => matches(query, name.textContent)));
  for (const row of document.querySelectorAll("main li")) {
    const own = row.querySelector(".name");
    row.hidden = wanted && ![...row.querySelectorAll(".name")].some((name) => hits.has(name)) && !stands(row.parentElement, hits);
    own.classList.toggle("found", wanted && hits.has(own));
  }
  const places = [...document.querySelectorAll("main section, main .column")].reverse(); // what is inside first
  for (const place of places) place.hidden = wanted && !place.querySelector("li:not([hidden])");
  for (const letter of document.querySelectorAll(".letters")) letter.hidden = wanted;
  const nothing = document.getElementById("nothing");
  nothing.textContent = places.some((place) => !place.hidden) ? "" : nothing.dataset.text;
}

/** Whether a list stands below a row that is found itself. */
function stands(list, hits) {
  const above = list.closest("li");
  return above !== null && (hits.has(above.querySelector(".name")) || stands(above.parentElement, hits));
}

function closeAll(but) {
  for (const open of document.querySelectorAll("details[open]")) if (open !== but) open.open = false;
}

const form = document.getElementById("search");
form.hidden = false;
form.addEventListener("submit", (event) => event.preventDefault());
form.addEventListener("input", (event) => search(event.target.value));
document.addEventListener("click", (event) => closeAll(event.target.closest("details")));
document.addEventListener("keydown", (event) => { if (event.key === "Escape") closeAll(null); });

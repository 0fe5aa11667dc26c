// The card as HTML: works in both themes, without scripts, and reads well aloud.
import { pointsText, PRACTICE } from "./card-text.ts";
import type { CardContent } from "./card-content.ts";

// Colours come from JupyterLab's theme where there is one; the fallbacks hold on white and on black.
const COLORS = {
  text: "var(--jp-content-font-color1, inherit)",
  faint: "var(--jp-content-font-color2, inherit)",
  line: "var(--jp-border-color2, #8888)",
  right: "var(--jp-success-color1, #1a8a3a)",
  wrong: "var(--jp-error-color1, #c8321f)",
  soft: "var(--jp-layout-color2, #8881)",
} as const;

/** The card as one self-contained element. */
export function renderCardHtml(card: CardContent): string {
  const done = card.points === card.of;
  const edge = done ? COLORS.right : COLORS.line;
  return [
    `<section aria-label="${escapeHtml(`Check of ${card.id}, ${card.title}`)}" style="max-width:46em;border:1px solid ${COLORS.line};border-left:4px solid ${edge};border-radius:4px;padding:10px 16px;color:${COLORS.text};font-family:var(--jp-ui-font-family, system-ui, sans-serif);font-size:14px;line-height:1.5">`,
    heading(card, done),
    `<ul style="list-style:none;margin:8px 0;padding:0">${card.results.map((result) => renderResult(result, card.unwritten)).join("")}</ul>`,
    card.mistake ? box("It looks like this", card.mistake) : "",
    card.hint ? box(`Hint ${card.hintPlace}`, card.hint) : "",
    card.notice ? box("Note", card.notice) : "",
    `<p style="margin:8px 0 0;color:${COLORS.faint};font-size:12px">${[card.chapter, PRACTICE].filter(Boolean).map(escapeHtml).join(" ")}</p>`,
    "</section>",
  ].join("");
}

function heading(card: CardContent, done: boolean): string {
  const share = card.of === 0 ? 0 : Math.round((100 * card.points) / card.of);
  const color = done ? COLORS.right : COLORS.faint;
  const state = card.unwritten ? "Not written yet. " : done ? "All visible checks pass. " : "";
  return [
    `<p style="margin:0;font-size:15px"><strong>${escapeHtml(card.title)}</strong> <span style="color:${COLORS.faint}">${escapeHtml(card.id)}</span></p>`,
    `<p style="margin:2px 0 6px"><strong style="color:${color}">${escapeHtml(state)}</strong>${escapeHtml(pointsText(card))}</p>`,
    `<div aria-hidden="true" style="height:4px;border-radius:2px;background:${COLORS.soft}"><div style="height:4px;border-radius:2px;width:${share}%;background:${COLORS.right}"></div></div>`,
  ].join("");
}

type Result = CardContent["results"][number];

function renderResult(result: Result, isUnwritten: boolean): string {
  const { name, points, passed, detail, difference } = result;
  const [mark, word, color] = passed
    ? ["✓", "passed", COLORS.right]
    : isUnwritten
      ? ["○", "still to do", COLORS.faint]
      : ["✗", "not passed", COLORS.wrong];
  const worth =
    points === 0 ? "watched, no points" : `${points} ${points === 1 ? "point" : "points"}`;
  const error = difference?.largestError;
  const far =
    error === undefined || !Number.isFinite(error)
      ? ""
      : `; largest relative error ${error.toPrecision(2)}`;
  return [
    `<li style="display:flex;gap:10px;padding:3px 0">`,
    `<span role="img" aria-label="${word}" style="color:${color};font-weight:700">${mark}</span>`,
    `<div>${escapeHtml(name)} <span style="color:${COLORS.faint};font-size:12px">${worth}</span>`,
    passed || isUnwritten
      ? ""
      : `<div style="color:${COLORS.faint}">${escapeHtml(detail + far)}</div>`,
    "</div></li>",
  ].join("");
}

function box(title: string, text: string): string {
  return `<div style="background:${COLORS.soft};border-radius:4px;padding:6px 12px;margin:6px 0"><strong>${escapeHtml(title)}:</strong> ${escapeHtml(text)}</div>`;
}

function escapeHtml(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}

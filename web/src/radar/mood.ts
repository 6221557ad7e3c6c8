/** Moods in words and signs: never by colour alone. */
import { t } from "../i18n/t";

export type Mood = "bad" | "mixed" | "good";
const EDGE = 0.2;

export const moodOf = (value: number): Mood => (value <= -EDGE ? "bad" : value >= EDGE ? "good" : "mixed");

/** "−0.4": a real minus, two signs at most. */
export const signed = (value: number): string => `${value > 0 ? "+" : value < 0 ? "−" : ""}${Math.abs(value).toFixed(1)}`;

export const moodWords = (value: number | null): string => (value === null ? t("radar.mood.unknown") : `${t(`radar.mood.${moodOf(value)}`)} ${signed(value)}`);

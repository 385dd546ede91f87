// Numbers as people write them, and as they are shown.

/**
 * The number that a text says, NaN where it says none: `99.9`, `99,9`, `９９．９`, with or without a percent sign.
 * A comma before three figures parts thousands, but not in a percentage.
 */
export function read(text, isPercent = false) {
  const plain = text.normalize("NFKC").trim().replace(/\s*%$/, "");
  const hasThousands = !isPercent && /^[1-9]\d{0,2}(,\d{3})+(\.\d*)?$/.test(plain);
  const bare = hasThousands ? plain.replaceAll(",", "") : plain.replace(",", ".");
  return /^-?(\d+\.?\d*|\.\d+)(e-?\d+)?$/i.test(bare) ? Number(bare) : NaN;
}

/**
 * A number with two figures after the point at most; with more only where both of them would be 0, or both 9 in a
 * percentage. Nothing of NaN.
 */
export function shown(value, isPercent = false) {
  if (Number.isNaN(value)) return "";
  if (!Number.isFinite(value)) return "–";
  const rest = Math.abs(isPercent ? 100 - value : value);
  const places = rest > 1e-9 && rest < 0.01 ? Math.ceil(-Math.log10(rest)) : 2;
  return value.toFixed(places).replace(/\.?0+$/, "");
}

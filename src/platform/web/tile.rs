//! The picture of someone who gave none: a cement tile ("carreau de ciment"), drawn from a seed.
//!
//! A tile has a palette, a corner, a centre and an edge, each repeated with the symmetry of a square.
//! The seed is random and belongs to the account: the tile tells nothing of the name.

use std::fmt::Write as _;

/// Ground, first and second colour.
const PALETTES: [[&str; 3]; 8] = [
    ["#f6ecd6", "#1f4e79", "#c4703f"],
    ["#e9ecef", "#163a5c", "#7a8f3c"],
    ["#f6ecd6", "#a63d24", "#1f4e79"],
    ["#fbf3df", "#8a5a00", "#3e6b35"],
    ["#f7efe0", "#3e6b35", "#e0a83c"],
    ["#f1e7dc", "#6b3a5b", "#c98a3a"],
    ["#e6efea", "#22585b", "#d1694a"],
    ["#f5e6d6", "#4a5666", "#d8a13b"],
];

/// Drawn once at the upper left, then turned three times. `A` and `B` stand for the colours, `F` for the ground.
const CORNERS: [&str; 6] = [
    r#"<circle r="23" fill="A"/>"#,
    r#"<circle r="29" fill="A"/><circle r="20" fill="F"/><circle r="10" fill="B"/>"#,
    r#"<path d="M0 0h30L0 30z" fill="A"/><path d="M0 0h14L0 14z" fill="F"/>"#,
    r#"<path d="M0 0c26 2 32 16 32 32C16 32 2 26 0 0z" fill="A"/>"#,
    r#"<path d="M0 0h32A32 32 0 0 1 0 32z" fill="A"/><path d="M0 0c14 1 21 8 22 22C8 21 1 14 0 0z" fill="F"/>"#,
    r#"<path d="M32 0A32 32 0 0 1 0 32" fill="none" stroke="A" stroke-width="7"/><circle r="9" fill="B"/>"#,
];

/// In the middle, around 0,0.
const CENTRES: [&str; 7] = [
    r#"<path d="M0-18 18 0 0 18-18 0z" fill="B"/>"#,
    r#"<circle r="14" fill="B"/><circle r="6" fill="F"/>"#,
    r#"<path d="M-12-12h24v24h-24zM0-17 17 0 0 17-17 0z" fill="B"/><circle r="5" fill="F"/>"#,
    r#"<g fill="B"><circle cx="-7" cy="-7" r="8"/><circle cx="7" cy="-7" r="8"/><circle cx="-7" cy="7" r="8"/><circle cx="7" cy="7" r="8"/></g><circle r="4" fill="F"/>"#,
    r#"<path d="M0 0C-9-7-8-15 0-20 8-15 9-7 0 0 7-9 15-8 20 0 15 8 7 9 0 0 9 7 8 15 0 20-8 15-9 7 0 0-7 9-15 8-20 0-15-8-7-9 0 0z" fill="B"/>"#,
    r#"<path d="M0-19 19 0 0 19-19 0z" fill="B"/><path d="M0-10 10 0 0 10-10 0z" fill="F"/><circle r="4" fill="A"/>"#,
    r#"<path d="M0 0-13-13H0zM0 0l13-13V0zM0 0l13 13H0zM0 0l-13 13V0z" fill="B"/>"#,
];

/// In the middle of the upper edge, around 32,0, then turned three times.
const EDGES: [&str; 4] = [
    "",
    r#"<circle cx="32" r="6" fill="B"/>"#,
    r#"<path d="M25 0h14l-7 9z" fill="B"/>"#,
    r#"<path d="M32-6 38 0 32 6 26 0z" fill="B"/>"#,
];

/// The tile of a seed, as a square SVG picture; the look cuts it round.
pub fn tile_svg(seed: u64) -> String {
    let mut bits = scatter(seed);
    let mut pick = |among: u64| {
        let picked = bits % among;
        bits /= among;
        usize::try_from(picked).unwrap_or_default()
    };
    let [ground, first, second] = PALETTES
        .get(pick(8))
        .copied()
        .unwrap_or(["#fff", "#1f4e79", "#c4703f"]);
    let corner = CORNERS.get(pick(6)).copied().unwrap_or_default();
    let centre = CENTRES.get(pick(7)).copied().unwrap_or_default();
    let edge = EDGES.get(pick(4)).copied().unwrap_or_default();
    // Half of the tiles are dark with a light pattern.
    let (ground, first) = if pick(2) == 0 {
        (ground, first)
    } else {
        (first, ground)
    };
    let paint = |shape: &str| {
        shape
            .replace("\"F\"", &format!("\"{ground}\""))
            .replace("\"A\"", &format!("\"{first}\""))
            .replace("\"B\"", &format!("\"{second}\""))
    };
    let quarter = paint(&format!("{corner}{edge}"));
    let mut svg = String::with_capacity(1200);
    let _ = write!(
        svg,
        r#"<svg xmlns="http://www.w3.org/2000/svg" width="64" height="64" viewBox="0 0 64 64"><rect width="64" height="64" fill="{ground}"/>"#
    );
    for turn in [0, 90, 180, 270] {
        let _ = write!(svg, r#"<g transform="rotate({turn} 32 32)">{quarter}</g>"#);
    }
    let _ = write!(
        svg,
        r#"<g transform="translate(32 32)">{}</g></svg>"#,
        paint(centre)
    );
    svg
}

/// Spreads neighbouring seeds over all bits (the finaliser of `SplitMix64`).
const fn scatter(seed: u64) -> u64 {
    let mut z = seed.wrapping_add(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::tile_svg;

    #[test]
    fn the_same_seed_draws_the_same_tile() {
        assert_eq!(tile_svg(42), tile_svg(42));
    }

    #[test]
    fn neighbouring_seeds_draw_tiles_that_can_be_told_apart() {
        let tiles: HashSet<String> = (0..200).map(tile_svg).collect();
        assert!(
            tiles.len() > 180,
            "only {} different tiles among 200",
            tiles.len()
        );
    }

    #[test]
    fn every_tile_is_well_formed_and_has_all_its_colours() {
        for seed in (0..500).chain([u64::MAX, u64::MAX / 2]) {
            let svg = tile_svg(seed);
            assert!(svg.starts_with("<svg xmlns") && svg.ends_with("</svg>"), "{svg}");
            assert_eq!(svg.matches("<g").count(), svg.matches("</g>").count(), "{svg}");
            assert!(
                !svg.contains("\"A\"") && !svg.contains("\"B\"") && !svg.contains("\"F\""),
                "{svg}"
            );
        }
    }
}

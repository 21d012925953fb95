//! The layout's pages: home, menu, legal pages, errors; and the type each section returns.

mod section;

pub use section::Section;

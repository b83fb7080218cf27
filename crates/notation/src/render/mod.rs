//! Renderers: they only read a page.

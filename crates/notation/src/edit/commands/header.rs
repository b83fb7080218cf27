//! Title and names.

use crate::edit::{Change, Edit};
use crate::model::{Field, HEADER, HeaderField};

/// Sets a field of the header.
pub fn set_header(field: HeaderField) -> Edit {
    Edit::new(vec![Change::Set(HEADER.into(), Field::Header(field))])
}

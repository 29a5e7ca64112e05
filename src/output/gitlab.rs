use super::Options;
use crate::{report::Report, source::Sources};
use std::io;
pub(super) fn write(_: &Report, _: &Sources, _: &Options, _: &mut dyn io::Write) -> io::Result<()> {
    Ok(())
}

//! Reads forms from the disk when a project asks for their content.

use std::path::Path;

use metadata::{Form, Layout};
use semantics::FormReader;

use crate::files::Disk;

pub(crate) struct DiskForms;

impl FormReader for DiskForms {
    fn read(&self, layout: Layout, path: &Path) -> Option<Form> {
        // The Designer keeps the file one folder deeper.
        let file_folder = path.parent()?;
        let folder = match layout {
            Layout::Designer => file_folder.parent()?,
            Layout::Edt => file_folder,
        };
        let (form, problems) = metadata::read_form(&Disk, folder, layout);
        for problem in problems {
            tracing::warn!("{}: {}", problem.path.display(), problem.message);
        }
        Some(form)
    }
}

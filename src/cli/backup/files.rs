//! Files of a backup: copied whole, counted, on the disk before anybody is told that they are.

use std::ffi::OsString;
use std::fs::File;
use std::io::{ErrorKind, Write as _};
use std::os::unix::fs::{OpenOptionsExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use serde::{Deserialize, Serialize};

/// How many files, and how heavy.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Files {
    /// How many.
    pub(super) files: u64,
    /// All their bytes.
    pub(super) bytes: u64,
}

/// Whether nothing would be overwritten in this folder.
pub(super) fn is_empty_or_absent(folder: &Path) -> anyhow::Result<bool> {
    match std::fs::read_dir(folder) {
        Ok(mut entries) => Ok(entries.next().is_none()),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(true),
        Err(error) => Err(error).with_context(|| format!("cannot look into {}", folder.display())),
    }
}

/// Makes a folder that only its owner reads: it will hold everybody's addresses and keys.
pub(super) fn make_private(folder: &Path) -> anyhow::Result<()> {
    let made = || {
        std::fs::create_dir_all(folder)?;
        std::fs::set_permissions(folder, std::fs::Permissions::from_mode(0o700))
    };
    made().with_context(|| format!("cannot make the folder {}", folder.display()))
}

/// Waits until a file or folder is on the disk.
pub(super) fn make_last(path: &Path) -> anyhow::Result<()> {
    File::open(path)
        .and_then(|file| file.sync_all())
        .with_context(|| format!("{} is not safely on the disk", path.display()))
}

/// The path with something put behind its name.
pub(super) fn beside(path: &Path, end: &str) -> PathBuf {
    let mut name = OsString::from(path);
    name.push(end);
    PathBuf::from(name)
}

/// Removes a file; none is as good as removed.
pub(super) fn remove_if_there(path: &Path) -> anyhow::Result<()> {
    match std::fs::remove_file(path) {
        Err(error) if error.kind() != ErrorKind::NotFound => {
            Err(error).with_context(|| format!("cannot remove {}", path.display()))
        }
        _ => Ok(()),
    }
}

/// Copies all files of a folder, with its folders. What is removed meanwhile is left out, and what is not wholly
/// written yet.
pub(super) fn copy_all(source: &Path, target: &Path) -> anyhow::Result<Files> {
    let mut copied = Files::default();
    let mut waiting = vec![(source.to_path_buf(), target.to_path_buf())];
    while let Some((from, to)) = waiting.pop() {
        std::fs::create_dir_all(&to).with_context(|| format!("cannot make {}", to.display()))?;
        let entries = match std::fs::read_dir(&from) {
            Err(error) if error.kind() == ErrorKind::NotFound => continue,
            other => other.with_context(|| format!("cannot look into {}", from.display()))?,
        };
        for entry in entries {
            let entry = entry?;
            let (path, copy) = (entry.path(), to.join(entry.file_name()));
            let kind = entry.file_type()?;
            if kind.is_dir() {
                waiting.push((path, copy));
            } else if kind.is_file() && path.extension().is_none_or(|end| end != "part") {
                add(&mut copied, copy_one(&path, &copy)?);
            }
        }
        make_last(&to)?;
    }
    Ok(copied)
}

/// Counts the files of a folder.
pub(super) fn count_all(folder: &Path) -> anyhow::Result<Files> {
    let mut counted = Files::default();
    let mut waiting = vec![folder.to_path_buf()];
    while let Some(folder) = waiting.pop() {
        if !folder.exists() {
            continue;
        }
        for entry in std::fs::read_dir(&folder)? {
            let entry = entry?;
            if entry.file_type()?.is_dir() {
                waiting.push(entry.path());
            } else {
                add(&mut counted, Some(entry.metadata()?.len()));
            }
        }
    }
    Ok(counted)
}

fn add(files: &mut Files, bytes: Option<u64>) {
    if let Some(bytes) = bytes {
        files.files += 1;
        files.bytes += bytes;
    }
}

/// Copies a file that nobody but its owner may read.
pub(super) fn copy_private(from: &Path, to: &Path) -> anyhow::Result<()> {
    let copied = || {
        let bytes = std::fs::read(from)?;
        let mut file = File::options()
            .create_new(true)
            .write(true)
            .mode(0o600)
            .open(to)?;
        file.write_all(&bytes)?;
        file.sync_all()
    };
    copied().with_context(|| format!("cannot copy {} to {}", from.display(), to.display()))
}

fn copy_one(from: &Path, to: &Path) -> anyhow::Result<Option<u64>> {
    match std::fs::copy(from, to) {
        Ok(bytes) => {
            make_last(to)?;
            Ok(Some(bytes))
        }
        Err(error) if error.kind() == ErrorKind::NotFound && !from.exists() => Ok(None),
        Err(error) => Err(error).with_context(|| format!("cannot copy {}", from.display())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_copy_has_what_the_folder_has() {
        let folder = tempfile::tempdir().unwrap();
        let (source, target) = (folder.path().join("a"), folder.path().join("b"));
        std::fs::create_dir_all(source.join("3f")).unwrap();
        std::fs::write(source.join("3f/one.jpg"), b"12345").unwrap();
        std::fs::write(source.join("two.pdf"), b"123").unwrap();
        std::fs::write(source.join("3f/half.part"), b"1").unwrap();
        let copied = copy_all(&source, &target).unwrap();
        assert_eq!(copied, Files { files: 2, bytes: 8 });
        assert_eq!(count_all(&target).unwrap(), copied);
        assert_eq!(std::fs::read(target.join("3f/one.jpg")).unwrap(), b"12345");
    }

    #[test]
    fn no_folder_is_an_empty_one() {
        let folder = tempfile::tempdir().unwrap();
        let (none, target) = (folder.path().join("none"), folder.path().join("b"));
        assert!(is_empty_or_absent(&none).unwrap() && is_empty_or_absent(folder.path()).unwrap());
        assert_eq!(copy_all(&none, &target).unwrap(), Files::default());
        assert_eq!(count_all(&none).unwrap(), Files::default());
        assert!(!is_empty_or_absent(folder.path()).unwrap());
    }
}

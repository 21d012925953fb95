//! Where the files lie: a folder today. An object store would be a second variant.

use std::io;
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

use bytes::Bytes;
use tokio::fs::File;
use tokio::io::AsyncWriteExt as _;

/// The place of the files.
#[derive(Debug, Clone)]
pub(super) enum Storage {
    /// A folder on this machine.
    Folder(Arc<Path>),
}

impl Storage {
    pub(super) fn folder(path: PathBuf) -> Self {
        Self::Folder(path.into())
    }

    pub(super) fn path(&self) -> Option<&Path> {
        match self {
            Self::Folder(folder) => Some(folder),
        }
    }

    /// Writes a file whole or not at all, so that it survives a power cut.
    pub(super) async fn write(&self, name: &str, bytes: Bytes) -> io::Result<()> {
        match self {
            Self::Folder(folder) => {
                let path = within(folder, name)?;
                let parent = path.parent().unwrap_or(folder);
                tokio::fs::create_dir_all(parent).await?;
                let part = path.with_extension("part");
                let mut file = File::create(&part).await?;
                file.write_all(&bytes).await?;
                file.sync_all().await?;
                drop(file);
                tokio::fs::rename(&part, &path).await?;
                // The name is in the folder, and the folder must be on the disk too.
                File::open(parent).await?.sync_all().await
            }
        }
    }

    /// Opens a file for reading.
    pub(super) async fn open(&self, name: &str) -> io::Result<File> {
        match self {
            Self::Folder(folder) => File::open(within(folder, name)?).await,
        }
    }

    /// Removes a file; one that is not there is as good as removed.
    pub(super) async fn remove(&self, name: &str) -> io::Result<()> {
        match self {
            Self::Folder(folder) => match tokio::fs::remove_file(within(folder, name)?).await {
                Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
                _ => Ok(()),
            },
        }
    }
}

/// Our names come from our rows; should one ever lead out of the folder, it is not followed.
fn within(folder: &Path, name: &str) -> io::Result<PathBuf> {
    let is_plain = !name.is_empty()
        && Path::new(name)
            .components()
            .all(|part| matches!(part, Component::Normal(_)));
    if is_plain {
        Ok(folder.join(name))
    } else {
        Err(io::Error::new(io::ErrorKind::InvalidInput, "not a name of ours"))
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::AsyncReadExt as _;

    use super::*;

    #[tokio::test]
    async fn files_are_whole_and_stay_in_their_folder() {
        let folder = tempfile::tempdir().unwrap();
        let storage = Storage::folder(folder.path().join("media"));
        storage
            .write("ab/cd.jpg", Bytes::from_static(b"abc"))
            .await
            .unwrap();
        let mut read = String::new();
        storage
            .open("ab/cd.jpg")
            .await
            .unwrap()
            .read_to_string(&mut read)
            .await
            .unwrap();
        assert_eq!(read, "abc");
        let left: Vec<_> = std::fs::read_dir(folder.path().join("media/ab"))
            .unwrap()
            .collect();
        assert_eq!(left.len(), 1, "no part of a file is left");
        storage.remove("ab/cd.jpg").await.unwrap();
        storage.remove("ab/cd.jpg").await.unwrap();
        assert!(storage.open("ab/cd.jpg").await.is_err());
        for name in ["../x", "/etc/passwd", "a/../../x", "", "."] {
            assert!(storage.open(name).await.is_err(), "{name}");
            assert!(storage.write(name, Bytes::new()).await.is_err(), "{name}");
        }
    }
}

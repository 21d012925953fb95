//! The machine: the data folder and who reads it, free space, the clock.

use std::io::ErrorKind;
use std::net::TcpStream;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use app::Settings;
use platform::{Clock, Timestamp};

use super::Finding;

/// Less free space than this is wrong, less than four times this worth a look (in kilobytes).
const SCARCE: u64 = 256 * 1024;
/// This program was made after 2026-01-01.
const BEGINNING: Timestamp = Timestamp::from_millis(1_767_225_600_000);

pub(super) fn look(file: Option<&Path>, settings: &Settings) -> Vec<Finding> {
    let folder = &settings.server.data_dir;
    let mut findings = vec![listening(settings), writable(folder)];
    findings.extend(readable_by_others(file, folder));
    findings.push(space(folder));
    findings.push(clock());
    findings
}

fn listening(settings: &Settings) -> Finding {
    let (about, listen) = ("server", settings.server.listen);
    match TcpStream::connect_timeout(&listen, Duration::from_secs(2)) {
        Ok(_) => Finding::good(about, format!("something answers at {listen}")),
        Err(_) => Finding::attention(about, format!("nothing answers at {listen}: it is not running")),
    }
}

fn writable(folder: &Path) -> Finding {
    let (about, shown) = ("data folder", folder.display());
    let probe = folder.join(format!(".parvis-doctor-{}", std::process::id()));
    let tried = std::fs::write(&probe, b"").and_then(|()| std::fs::remove_file(&probe));
    match tried {
        Ok(()) => Finding::good(about, format!("{shown} can be written")),
        Err(error) if error.kind() == ErrorKind::NotFound => Finding::attention(
            about,
            format!("there is no {shown} yet; the first start makes it"),
        ),
        Err(error) => Finding::wrong(
            about,
            format!("{shown} cannot be written ({error}): give it to the user who runs the server"),
        ),
    }
}

/// Files that hold keys, passwords and everybody's addresses.
fn readable_by_others(file: Option<&Path>, folder: &Path) -> Vec<Finding> {
    let kept: Vec<PathBuf> = [Some(folder.to_path_buf()), file.map(Path::to_path_buf)]
        .into_iter()
        .flatten()
        .filter(|path| path.exists())
        .collect();
    let open =
        |path: &PathBuf| std::fs::metadata(path).is_ok_and(|found| found.permissions().mode() & 0o007 != 0);
    let mut findings: Vec<Finding> = kept
        .iter()
        .filter(|path| open(path))
        .map(|path| {
            Finding::attention(
                "permissions",
                format!(
                    "others on this machine can read {0}: chmod o= {0}",
                    path.display()
                ),
            )
        })
        .collect();
    if findings.is_empty() && !kept.is_empty() {
        findings.push(Finding::good(
            "permissions",
            "others on this machine read nothing",
        ));
    }
    findings
}

fn space(folder: &Path) -> Finding {
    let about = "disk";
    let nearest = folder.ancestors().find(|path| path.exists());
    let nearest = nearest.unwrap_or_else(|| Path::new("."));
    let Some(free) = free_kilobytes(nearest) else {
        return Finding::attention(about, "the free space cannot be measured (`df` does not answer)");
    };
    let said = format!("{} MB free", free / 1024);
    if free < SCARCE {
        Finding::wrong(
            about,
            format!("{said}: the database may stop at any moment. Make room"),
        )
    } else if free < 4 * SCARCE {
        Finding::attention(about, format!("{said}: make room soon"))
    } else {
        Finding::good(about, said)
    }
}

fn free_kilobytes(path: &Path) -> Option<u64> {
    let done = Command::new("df")
        .arg("-Pk")
        .arg(path)
        .env("LC_ALL", "C")
        .output()
        .ok()?;
    fourth_column(&String::from_utf8_lossy(&done.stdout))
}

/// POSIX's `df -Pk`: a heading, then one line whose fourth column is what is free.
fn fourth_column(said: &str) -> Option<u64> {
    said.lines().nth(1)?.split_whitespace().nth(3)?.parse().ok()
}

fn clock() -> Finding {
    let about = "clock";
    let now = Clock::System.now();
    if now < BEGINNING {
        return Finding::wrong(
            about,
            format!("it says {now}: other servers refuse what is signed at a wrong time"),
        );
    }
    let asked = Command::new("timedatectl")
        .args(["show", "--property=NTPSynchronized", "--value"])
        .output();
    match asked
        .map(|done| String::from_utf8_lossy(&done.stdout).trim().to_owned())
        .as_deref()
    {
        Ok("yes") => Finding::good(about, format!("{now}, kept right over the network")),
        Ok("no") => Finding::attention(
            about,
            format!(
                "{now}, not kept right over the network: other servers refuse signatures of a wrong time"
            ),
        ),
        _ => Finding::good(
            about,
            format!("{now}; make sure that something keeps it right (NTP)"),
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::super::Grade;
    use super::*;

    #[test]
    fn free_space_is_read() {
        let said = "Filesystem 1024-blocks Used Available Capacity Mounted on\n/dev/vda 1000 400 600 40% /\n";
        assert_eq!(fourth_column(said), Some(600));
        assert_eq!(fourth_column(""), None);
        assert!(free_kilobytes(Path::new("/")).is_some_and(|free| free > 0));
    }

    #[test]
    fn what_others_can_read_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let mode = |mode| {
            std::fs::set_permissions(folder.path(), std::fs::Permissions::from_mode(mode)).unwrap();
            readable_by_others(None, folder.path()).pop().unwrap().grade
        };
        assert_eq!(mode(0o755), Grade::Attention);
        assert_eq!(mode(0o750), Grade::Good);
    }
}

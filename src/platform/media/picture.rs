//! Pictures: decoded within limits, turned upright, made smaller, written anew.

use std::io::Cursor;

use image::codecs::jpeg::JpegEncoder;
use image::codecs::png::{CompressionType, FilterType as PngFilter, PngEncoder};
use image::imageops::FilterType;
use image::{DynamicImage, ImageDecoder as _, ImageFormat, ImageReader, Limits};
use webp::Encoder;

use super::{Fit, Refusal};

/// Pixels of a picture sent in at most: what Mastodon takes, and more than telephones make.
const MOST_PIXELS: u64 = 33_200_000;
/// Pixels on one side at most.
const LONGEST_SIDE: u32 = 16_384;
/// Memory of a decoded picture at most; sixteen-bit pictures reach it with fewer pixels.
const MOST_MEMORY: u64 = 140_000_000;
/// The longer side of what is shown.
const SHOWN: u32 = 1920;
/// The longer side of the small form.
const SMALL: u32 = 640;
/// The side of a portrait, and of its small form.
const PORTRAIT: (u32, u32) = (480, 120);
/// Width of a banner.
const BANNER: u32 = 1500;
/// The side of what the blurhash is made of.
const BLUR: u32 = 48;
const JPEG_QUALITY: u8 = 82;
/// Of the small form: several of them together make the first page of a commune.
const SMALL_QUALITY: f32 = 55.0;

/// A picture ready to be stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Picture {
    pub(super) shown: Encoded,
    /// None when the picture itself is small enough.
    pub(super) small: Option<Encoded>,
    pub(super) blurhash: Option<String>,
}

/// A picture as a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Encoded {
    pub(super) bytes: Vec<u8>,
    pub(super) format: ImageFormat,
    pub(super) width: u32,
    pub(super) height: u32,
}

/// Makes of a file what we show. Takes a second and some hundred megabytes at worst: not for the async threads.
pub(super) fn remake(bytes: &[u8], format: ImageFormat, fit: Fit) -> Result<Picture, Refusal> {
    let decoded = decode(bytes, format)?;
    // A photograph stays one; what was drawn, or has transparent parts, is kept without loss if it can be.
    let is_photo = format == ImageFormat::Jpeg;
    let (cut, side, small_side) = match fit {
        Fit::Whole => (decoded, SHOWN, SMALL),
        Fit::Square => (cut(&decoded, 1, 1), PORTRAIT.0, PORTRAIT.1),
        Fit::Banner => (cut(&decoded, 3, 1), BANNER, SMALL),
    };
    let shown = simple(&shrink(cut, side));
    let small = (shown.width().max(shown.height()) > small_side)
        .then(|| small(&shrink(shown.clone(), small_side)))
        .transpose()?;
    Ok(Picture {
        blurhash: blurhash(&shown),
        shown: encode(&shown, is_photo)?,
        small,
    })
}

fn decode(bytes: &[u8], format: ImageFormat) -> Result<DynamicImage, Refusal> {
    let broken = |_| Refusal::Broken;
    let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
    let mut limits = Limits::default();
    limits.max_alloc = Some(MOST_MEMORY * 2);
    reader.limits(limits);
    // Only the header is read yet: a picture that would unfold into gigabytes is turned away here.
    let mut decoder = reader.into_decoder().map_err(broken)?;
    let (width, height) = decoder.dimensions();
    if u64::from(width) * u64::from(height) > MOST_PIXELS
        || width.max(height) > LONGEST_SIDE
        || decoder.total_bytes() > MOST_MEMORY
    {
        return Err(Refusal::TooManyPixels { width, height });
    }
    if width == 0 || height == 0 {
        return Err(Refusal::Broken);
    }
    let orientation = decoder.orientation().map_err(broken)?;
    let mut decoded = DynamicImage::from_decoder(decoder).map_err(broken)?;
    decoded.apply_orientation(orientation);
    Ok(decoded)
}

/// Cuts the middle out, `across` to `down`.
fn cut(picture: &DynamicImage, across: u32, down: u32) -> DynamicImage {
    let (width, height) = (picture.width(), picture.height());
    let cut_width = width
        .min((u64::from(height) * u64::from(across) / u64::from(down)) as u32)
        .max(1);
    let cut_height = height
        .min((u64::from(width) * u64::from(down) / u64::from(across)) as u32)
        .max(1);
    picture.crop_imm(
        (width - cut_width) / 2,
        (height - cut_height) / 2,
        cut_width,
        cut_height,
    )
}

/// Makes the longer side `side` at most; never larger.
fn shrink(picture: DynamicImage, side: u32) -> DynamicImage {
    let longer = picture.width().max(picture.height());
    if longer <= side {
        return picture;
    }
    // Far too large ones are halved roughly first: the fine filter costs time for each pixel it looks at.
    let rough = if longer > side * 3 {
        picture.thumbnail(side * 2, side * 2)
    } else {
        picture
    };
    rough.resize(side, side, FilterType::Lanczos3)
}

/// Eight bits a colour, and transparency only where something is transparent.
fn simple(picture: &DynamicImage) -> DynamicImage {
    if picture.color().has_alpha() {
        let rgba = picture.to_rgba8();
        if rgba
            .pixels()
            .any(|pixel| pixel.0.last().is_some_and(|alpha| *alpha < u8::MAX))
        {
            return DynamicImage::ImageRgba8(rgba);
        }
    }
    if picture.color().has_color() {
        DynamicImage::ImageRgb8(picture.to_rgb8())
    } else {
        DynamicImage::ImageLuma8(picture.to_luma8())
    }
}

fn encode(picture: &DynamicImage, is_photo: bool) -> Result<Encoded, Refusal> {
    let (format, bytes) = if picture.color().has_alpha() {
        smaller(png(picture)?, webp(picture)?)
    } else if is_photo {
        (ImageFormat::Jpeg, jpeg(picture)?)
    } else {
        // A drawing is small without loss; a photograph sent as PNG is many times smaller with a little.
        let (lossless, photo) = (png(picture)?, jpeg(picture)?);
        if lossless.len() <= photo.len() * 2 {
            (ImageFormat::Png, lossless)
        } else {
            (ImageFormat::Jpeg, photo)
        }
    };
    Ok(Encoded {
        bytes,
        format,
        width: picture.width(),
        height: picture.height(),
    })
}

/// The small form is for feeds: a third of the bytes of a JPEG.
fn small(picture: &DynamicImage) -> Result<Encoded, Refusal> {
    let (width, height) = (picture.width(), picture.height());
    let encoded = if picture.color().has_alpha() {
        let pixels = picture.to_rgba8();
        Encoder::from_rgba(&pixels, width, height).encode_simple(false, SMALL_QUALITY)
    } else {
        let pixels = picture.to_rgb8();
        Encoder::from_rgb(&pixels, width, height).encode_simple(false, SMALL_QUALITY)
    };
    Ok(Encoded {
        bytes: encoded.map_err(|_| Refusal::Broken)?.to_vec(),
        format: ImageFormat::WebP,
        width,
        height,
    })
}

fn smaller(png: Vec<u8>, webp: Vec<u8>) -> (ImageFormat, Vec<u8>) {
    if png.len() <= webp.len() {
        (ImageFormat::Png, png)
    } else {
        (ImageFormat::WebP, webp)
    }
}

fn jpeg(picture: &DynamicImage) -> Result<Vec<u8>, Refusal> {
    let mut bytes = Vec::new();
    picture
        .write_with_encoder(JpegEncoder::new_with_quality(&mut bytes, JPEG_QUALITY))
        .map_err(|_| Refusal::Broken)?;
    Ok(bytes)
}

fn png(picture: &DynamicImage) -> Result<Vec<u8>, Refusal> {
    let mut bytes = Vec::new();
    picture
        .write_with_encoder(PngEncoder::new_with_quality(
            &mut bytes,
            CompressionType::Default,
            PngFilter::Adaptive,
        ))
        .map_err(|_| Refusal::Broken)?;
    Ok(bytes)
}

fn webp(picture: &DynamicImage) -> Result<Vec<u8>, Refusal> {
    let mut bytes = Cursor::new(Vec::new());
    picture
        .write_to(&mut bytes, ImageFormat::WebP)
        .map_err(|_| Refusal::Broken)?;
    Ok(bytes.into_inner())
}

fn blurhash(picture: &DynamicImage) -> Option<String> {
    let tiny = picture.thumbnail(BLUR, BLUR).to_rgba8();
    let (width, height) = tiny.dimensions();
    let (across, down) = match width.cmp(&height) {
        std::cmp::Ordering::Less => (3, 4),
        std::cmp::Ordering::Equal => (4, 4),
        std::cmp::Ordering::Greater => (4, 3),
    };
    blurhash::encode(across, down, width, height, tiny.as_raw()).ok()
}

#[cfg(test)]
pub(super) mod tests {
    use image::{Rgb, RgbImage, Rgba, RgbaImage};

    use super::*;

    /// A picture with enough noise to be a photograph, red on its left and blue on its right side.
    pub(in crate::media) fn photo(width: u32, height: u32) -> DynamicImage {
        let mut state = 1_u32;
        RgbImage::from_fn(width, height, |x, y| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            let noise = (state >> 26) as u8;
            if x < width / 2 {
                Rgb([220, noise, (y % 64) as u8])
            } else {
                Rgb([(y % 64) as u8, noise, 220])
            }
        })
        .into()
    }

    pub(in crate::media) fn file(picture: &DynamicImage, format: ImageFormat) -> Vec<u8> {
        let mut bytes = Cursor::new(Vec::new());
        picture.write_to(&mut bytes, format).unwrap();
        bytes.into_inner()
    }

    /// Puts an EXIF block with an orientation and a secret into a JPEG.
    pub(in crate::media) fn with_exif(jpeg: &[u8], orientation: u8) -> Vec<u8> {
        let mut exif = b"Exif\0\0MM\0*\0\0\0\x08\0\x02".to_vec();
        exif.extend([0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, orientation, 0, 0]);
        exif.extend([0x01, 0x0e, 0, 2, 0, 0, 0, 19, 0, 0, 0, 38, 0, 0, 0, 0]);
        exif.extend(b"GPS 43.7280 7.3617\0");
        let length = (exif.len() as u16 + 2).to_be_bytes();
        [&jpeg[..2], b"\xff\xe1", &length, &exif, &jpeg[2..]].concat()
    }

    fn reread(encoded: &Encoded) -> DynamicImage {
        image::load_from_memory_with_format(&encoded.bytes, encoded.format).unwrap()
    }

    fn is_red(picture: &DynamicImage, x: u32, y: u32) -> bool {
        let [r, _, b] = picture.to_rgb8().get_pixel(x, y).0;
        r > b
    }

    #[test]
    fn a_photograph_is_turned_upright_and_forgets_where_it_was_taken() {
        let plain = file(&photo(300, 200), ImageFormat::Jpeg);
        let turned = with_exif(&plain, 6);
        assert!(String::from_utf8_lossy(&turned).contains("GPS 43"));
        let made = remake(&turned, ImageFormat::Jpeg, Fit::Whole).unwrap();
        assert_eq!((made.shown.width, made.shown.height), (200, 300));
        assert_eq!(made.small, None);
        assert_eq!(made.shown.format, ImageFormat::Jpeg);
        assert!(!String::from_utf8_lossy(&made.shown.bytes).contains("GPS"));
        assert!(!made.shown.bytes.windows(4).any(|w| w == b"Exif"));
        // Turned by a quarter to the right, the left side is on top.
        let picture = reread(&made.shown);
        assert!(is_red(&picture, 100, 20) && !is_red(&picture, 100, 280));
        assert!(made.blurhash.unwrap().len() > 20);
    }

    #[test]
    fn large_pictures_become_smaller_and_get_a_small_form() {
        let made = remake(
            &file(&photo(2400, 1000), ImageFormat::Jpeg),
            ImageFormat::Jpeg,
            Fit::Whole,
        )
        .unwrap();
        assert_eq!((made.shown.width, made.shown.height), (1920, 800));
        let small = made.small.unwrap();
        assert_eq!((small.width, small.height), (640, 267));
        assert_eq!((reread(&small).width(), reread(&small).height()), (640, 267));
        assert!(small.bytes.len() < made.shown.bytes.len());
    }

    #[test]
    fn portraits_and_banners_are_cut_in_the_middle() {
        let jpeg = file(&photo(900, 600), ImageFormat::Jpeg);
        let made = remake(&jpeg, ImageFormat::Jpeg, Fit::Square).unwrap();
        assert_eq!((made.shown.width, made.shown.height), (480, 480));
        assert_eq!(made.small.map(|small| small.width), Some(120));
        let picture = reread(&made.shown);
        assert!(is_red(&picture, 100, 200) && !is_red(&picture, 380, 200));
        let made = remake(&jpeg, ImageFormat::Jpeg, Fit::Banner).unwrap();
        assert_eq!((made.shown.width, made.shown.height), (900, 300));
        let thin = file(&photo(1, 500), ImageFormat::Jpeg);
        assert_eq!(
            remake(&thin, ImageFormat::Jpeg, Fit::Banner)
                .unwrap()
                .shown
                .height,
            1
        );
    }

    #[test]
    fn drawings_and_transparency_are_kept_without_loss() {
        let drawing =
            RgbaImage::from_fn(200, 100, |x, _| Rgba([0, 90, 160, if x < 100 { 255 } else { 0 }])).into();
        let flat: DynamicImage = RgbImage::from_pixel(200, 100, Rgb([10, 200, 30])).into();
        let opaque: DynamicImage = RgbaImage::from_pixel(200, 100, Rgba([10, 200, 30, 255])).into();
        for format in [ImageFormat::Png, ImageFormat::WebP, ImageFormat::Gif] {
            let made = remake(&file(&drawing, format), format, Fit::Whole).unwrap();
            assert!(matches!(made.shown.format, ImageFormat::Png | ImageFormat::WebP));
            let picture = reread(&made.shown).to_rgba8();
            assert_eq!(picture.get_pixel(150, 50).0[3], 0, "{format:?}");
            assert_eq!(picture.get_pixel(50, 50).0[3], 255, "{format:?}");
            for solid in [&flat, &opaque] {
                let solid = if format == ImageFormat::Gif {
                    &opaque
                } else {
                    solid
                };
                let made = remake(&file(solid, format), format, Fit::Whole).unwrap();
                assert_eq!(made.shown.format, ImageFormat::Png);
                assert_eq!(
                    reread(&made.shown).to_rgb8().get_pixel(5, 5).0,
                    [10, 200, 30],
                    "{format:?}"
                );
            }
        }
        let noisy = remake(
            &file(&photo(400, 300), ImageFormat::Png),
            ImageFormat::Png,
            Fit::Whole,
        )
        .unwrap();
        assert_eq!(noisy.shown.format, ImageFormat::Jpeg);
    }

    #[test]
    fn sixteen_bits_and_grey_are_understood() {
        for picture in [
            DynamicImage::ImageRgb16(photo(50, 40).to_rgb16()),
            DynamicImage::ImageLuma16(photo(50, 40).to_luma16()),
            DynamicImage::ImageLumaA8(photo(50, 40).to_luma_alpha8()),
        ] {
            let made = remake(&file(&picture, ImageFormat::Png), ImageFormat::Png, Fit::Whole).unwrap();
            assert_eq!((made.shown.width, made.shown.height), (50, 40));
        }
    }

    /// A PNG of one grey pixel row whose header claims another size.
    fn png_claiming(width: u32, height: u32) -> Vec<u8> {
        let mut bytes = file(&DynamicImage::new_luma8(1, 1), ImageFormat::Png);
        bytes[16..20].copy_from_slice(&width.to_be_bytes());
        bytes[20..24].copy_from_slice(&height.to_be_bytes());
        let mut crc = flate2::Crc::new();
        crc.update(&bytes[12..29]);
        bytes[29..33].copy_from_slice(&crc.sum().to_be_bytes());
        bytes
    }

    #[test]
    fn bombs_are_turned_away_by_their_header() {
        for (width, height) in [
            (50_000, 50_000),
            (16_385, 1),
            (1, 16_385),
            (5_800, 5_800),
            (u32::MAX / 2, 1),
        ] {
            let refusal = remake(&png_claiming(width, height), ImageFormat::Png, Fit::Whole).unwrap_err();
            assert!(
                matches!(refusal, Refusal::TooManyPixels { .. } | Refusal::Broken),
                "{width} {height}: {refusal:?}"
            );
        }
        assert_eq!(
            remake(&png_claiming(8000, 8000), ImageFormat::Png, Fit::Whole),
            Err(Refusal::TooManyPixels {
                width: 8000,
                height: 8000
            })
        );
        let mut gif = file(&DynamicImage::new_rgba8(1, 1), ImageFormat::Gif);
        gif[6..10].copy_from_slice(&[0xff; 4]);
        assert!(remake(&gif, ImageFormat::Gif, Fit::Whole).is_err());
        let mut jpeg = file(&DynamicImage::new_rgb8(8, 8), ImageFormat::Jpeg);
        let frame = jpeg.windows(2).position(|w| w == [0xff, 0xc0]).unwrap();
        jpeg[frame + 5..frame + 9].copy_from_slice(&[0xff; 4]);
        assert!(matches!(
            remake(&jpeg, ImageFormat::Jpeg, Fit::Whole),
            Err(Refusal::TooManyPixels { .. })
        ));
    }

    #[test]
    fn damaged_pictures_are_refused_and_nothing_panics() {
        for format in [
            ImageFormat::Jpeg,
            ImageFormat::Png,
            ImageFormat::WebP,
            ImageFormat::Gif,
        ] {
            let whole = file(
                &DynamicImage::ImageRgba8(photo(40, 30).to_rgba8())
                    .to_rgb8()
                    .into(),
                ImageFormat::Png,
            );
            let _ = remake(&whole, format, Fit::Whole);
            let rgba = DynamicImage::ImageRgba8(photo(40, 30).to_rgba8());
            let source = if format == ImageFormat::Jpeg {
                photo(40, 30)
            } else {
                rgba
            };
            let whole = file(&source, format);
            assert!(remake(&whole[..20], format, Fit::Whole).is_err(), "{format:?}");
            for at in (0..whole.len()).step_by(7) {
                let mut bent = whole.clone();
                bent[at] ^= 0xff;
                let _ = remake(&bent, format, Fit::Whole);
                let _ = remake(&whole[..at], format, Fit::Whole);
            }
        }
    }

    #[test]
    fn what_hides_behind_a_picture_is_gone() {
        let page = b"<script>alert(1)</script>{\"@context\":\"https://www.w3.org/ns/activitystreams\"}";
        for format in [ImageFormat::Jpeg, ImageFormat::Png] {
            let both = [&file(&photo(20, 20), format)[..], page].concat();
            let made = remake(&both, format, Fit::Whole).unwrap();
            assert!(!String::from_utf8_lossy(&made.shown.bytes).contains("script"));
        }
    }
}

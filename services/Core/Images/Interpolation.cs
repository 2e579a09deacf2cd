namespace TaskRes.Core.Images;

/// <summary>How an image is resized.</summary>
public enum Interpolation
{
    /// <summary>Keys' cubic: CLIP's and SigLIP's.</summary>
    Bicubic,

    /// <summary>The triangle: MobileCLIP's.</summary>
    Bilinear,
}

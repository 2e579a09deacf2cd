using SkiaSharp;

namespace TaskRes.BundledModel.Rendering;

/// <summary>Random changes of colour as one 3×3 matrix and an offset.</summary>
internal static class ColourFilters
{
    private const float Red = 0.2126f, Green = 0.7152f, Blue = 0.0722f;

    public static SKColorFilter Random(SceneStyle style, Random random)
    {
        var strength = (float)style.ColourShift;
        var saturation = random.NextDouble() < style.GreyChance ? 0 : 1 + strength * Signed(random) * 2;
        var contrast = 1 + strength * Signed(random);
        var brightness = strength * Signed(random) * 0.5f;
        var (r, g, b) = (1 + strength * Signed(random) * 0.6f, 1 + strength * Signed(random) * 0.6f, 1 + strength * Signed(random) * 0.6f);
        var grey = 1 - saturation;
        var offset = 0.5f * (1 - contrast) + brightness;
        return SKColorFilter.CreateColorMatrix(
        [
            contrast * r * (saturation + grey * Red), contrast * r * grey * Green, contrast * r * grey * Blue, 0, offset,
            contrast * g * grey * Red, contrast * g * (saturation + grey * Green), contrast * g * grey * Blue, 0, offset,
            contrast * b * grey * Red, contrast * b * grey * Green, contrast * b * (saturation + grey * Blue), 0, offset,
            0, 0, 0, 1, 0,
        ]);
    }

    private static float Signed(Random random) => 2 * random.NextSingle() - 1;
}

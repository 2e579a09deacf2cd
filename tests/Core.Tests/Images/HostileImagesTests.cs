using System.Text;
using TaskRes.Core.Images;

namespace TaskRes.Core.Tests.Images;

public sealed class HostileImagesTests
{
    public static TheoryData<string, byte[]> NotImages => new()
    {
        { "empty", [] },
        { "zeros", new byte[4096] },
        { "text", Encoding.UTF8.GetBytes("This is not an image, whatever its name says.\n") },
        { "only the signature of a PNG", [0x89, .. "PNG\r\n\u001A\n"u8] },
        { "only the start of a JPEG", [0xFF, 0xD8, 0xFF] },
    };

    [Theory]
    [MemberData(nameof(NotImages))]
    public void Decode_NotAnImage_Unreadable(string what, byte[] bytes)
    {
        Assert.NotEmpty(what);
        Assert.Equal(ErrorReason.ImageUnreadable, Refusal(bytes).Reason);
    }

    [Theory]
    [InlineData("a_420.jpg")]
    [InlineData("b_444_progressive.jpg")]
    [InlineData("f_rgba.png")]
    [InlineData("e_palette.png")]
    [InlineData("g.webp")]
    public void Decode_Truncated_Unreadable(string name)
    {
        var whole = TestImages.GoldenFile(name);
        for (var tenths = 1; tenths <= 9; tenths++)
            Assert.Equal(ErrorReason.ImageUnreadable, Refusal(whole[..(whole.Length * tenths / 10)]).Reason);
    }

    [Fact]
    public void Decode_HeaderOfHugeImage_RefusedBeforeDecoding()
    {
        var refusal = Refusal(TestImages.Png(30_000, 30_000, TestImages.Rgb, 8, []));
        Assert.Equal(ErrorReason.ImageTooLarge, refusal.Reason);
        Assert.Equal("900000000", refusal.Metadata["value"]);
        Assert.Equal("67108864", refusal.Metadata["limit"]);
    }

    [Fact]
    public void Decode_AspectRatioAtAndOverTheLimit_TakenAndRefused()
    {
        var preprocessor = TestImages.Preprocessor();
        preprocessor.Preprocess(TestImages.SolidPng(200, 1), 0, new float[preprocessor.ElementCount]);
        preprocessor.Preprocess(TestImages.SolidPng(1, 200), 1, new float[preprocessor.ElementCount]);
        Assert.Equal(ErrorReason.ImageTooLarge, Refusal(TestImages.SolidPng(201, 1)).Reason);
        Assert.Equal(ErrorReason.ImageTooLarge, Refusal(TestImages.SolidPng(1, 201)).Reason);
    }

    [Fact]
    public void Decode_OverTheLimitOfBytes_TooLarge()
    {
        var limited = new ImagePreprocessor(new PreprocessOptions(), new ImageLimits { MaxBytes = 1024 });
        var refusal = Assert.Throws<TaskResException>(() => limited.Decode(TestImages.GoldenFile("a_420.jpg")));
        Assert.Equal(ErrorReason.ImageTooLarge, refusal.Reason);
        Assert.Equal("bytes", refusal.Metadata["unit"]);
    }

    [Theory]
    [InlineData("a_420.jpg")]
    [InlineData("d_cmyk.jpg")]
    [InlineData("e_palette.png")]
    [InlineData("f_rgba.png")]
    [InlineData("g.webp")]
    public void Decode_DamagedBytes_TypedErrorOrAnImage(string name)
    {
        var preprocessor = TestImages.Preprocessor();
        var random = new Random(2211);
        for (var round = 0; round < 200; round++)
        {
            var damaged = TestImages.GoldenFile(name);
            for (var flips = random.Next(1, 9); flips > 0; flips--) damaged[random.Next(damaged.Length)] = (byte)random.Next(256);
            try
            {
                var image = preprocessor.Decode(damaged);
                Assert.Equal(3 * image.Width * image.Height, image.Rgb.Length);
            }
            catch (TaskResException refusal)
            {
                Assert.True(refusal.Reason is ErrorReason.ImageUnreadable or ErrorReason.ImageTooLarge, refusal.Message);
            }
        }
    }

    [Fact]
    public void Constructor_OptionOutOfRange_NamesIt()
    {
        Assert.Equal(nameof(ImageLimits.MaxPixels),
            Assert.Throws<TaskResException>(() => new ImagePreprocessor(new PreprocessOptions(), new ImageLimits { MaxPixels = 0 })).Field);
        Assert.Equal(nameof(PreprocessOptions.Size),
            Assert.Throws<TaskResException>(() => new ImagePreprocessor(new PreprocessOptions { Size = 0 }, new ImageLimits())).Field);
        Assert.Equal(nameof(PreprocessOptions.Std),
            Assert.Throws<TaskResException>(() => new ImagePreprocessor(new PreprocessOptions { Std = [1, 0, 1] }, new ImageLimits())).Field);
        Assert.Equal(nameof(PreprocessOptions.Mean),
            Assert.Throws<TaskResException>(() => new ImagePreprocessor(new PreprocessOptions { Mean = [1, 0] }, new ImageLimits())).Field);
    }

    private static TaskResException Refusal(byte[] bytes) => Assert.Throws<TaskResException>(() => TestImages.Preprocessor().Decode(bytes));
}

namespace TaskRes.Core.Images;

/// <summary>A rectangle of pixels.</summary>
internal readonly record struct Region(int Left, int Top, int Width, int Height);

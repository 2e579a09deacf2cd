using Microsoft.Extensions.ObjectPool;

namespace TaskRes.Encoder.Preprocessing;

/// <summary>Buffers of exactly one preprocessed image, used again. It keeps as many as <paramref name="retained"/>; more are left to the collector.</summary>
internal sealed class PixelPool(int elements, int retained)
{
    private readonly DefaultObjectPool<float[]> _buffers = new(new Policy(elements), retained);

    public float[] Rent() => _buffers.Get();

    public void Return(float[] buffer) => _buffers.Return(buffer);

    private sealed class Policy(int elements) : PooledObjectPolicy<float[]>
    {
        public override float[] Create() => GC.AllocateUninitializedArray<float>(elements);

        public override bool Return(float[] obj) => true;
    }
}

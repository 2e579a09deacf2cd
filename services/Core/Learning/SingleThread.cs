using System.Runtime.InteropServices;
using TorchSharp;

namespace TaskRes.Core.Learning;

/// <summary>
/// While it lasts, libtorch computes on the calling thread alone. MKL splits its sums by the number of threads, so the same
/// training would differ in the last bits between machines; and trainings side by side would wait for each other's threads.
/// </summary>
/// <remarks>
/// <c>torch.set_num_threads</c> is the whole process's and would slow an encoder in it; OpenMP's and MKL's own settings are
/// the thread's. Where a build of libtorch does not export them, the training runs as usual.
/// </remarks>
internal sealed unsafe class SingleThread : IDisposable
{
    private readonly delegate* unmanaged<int, void> _setOpenMp;
    private readonly delegate* unmanaged<int, int> _setMkl;
    private readonly int _openMp;
    private readonly int _mkl;

    /// <summary>libtorch must be loaded; to be disposed on the same thread.</summary>
    public SingleThread()
    {
        // Asking also makes libtorch set this thread up, which would undo what follows.
        _openMp = torch.get_num_threads();
        if (!NativeLibrary.TryLoad("libtorch_cpu.so", out var libtorch)) return;
        _setOpenMp = (delegate* unmanaged<int, void>)Export(libtorch, "omp_set_num_threads");
        _setMkl = (delegate* unmanaged<int, int>)Export(libtorch, "MKL_Set_Num_Threads_Local");
        if (_setOpenMp is not null) _setOpenMp(1);
        if (_setMkl is not null) _mkl = _setMkl(1);
    }

    public void Dispose()
    {
        if (_setOpenMp is not null) _setOpenMp(_openMp);
        if (_setMkl is not null) _setMkl(_mkl);
    }

    private static nint Export(nint library, string name) => NativeLibrary.TryGetExport(library, name, out var address) ? address : 0;
}

namespace TaskRes.Core.Learning.Methods;

/// <summary>The frozen text tower as CoOp needs it: class vectors of learnt context vectors, and the gradient back to these.</summary>
public interface IPromptTower
{
    /// <summary>K, the class names that the prompts are of.</summary>
    int Classes { get; }

    /// <summary>W, the width of a token's embedding.</summary>
    int Width { get; }

    /// <summary>The most context vectors for which every class's prompt fits.</summary>
    int MaxContext { get; }

    /// <summary>The class vectors, K×D, raw.</summary>
    /// <param name="context">M×W vectors in the place of M tokens before each class name.</param>
    Matrix Encode(Matrix context);

    /// <summary>The gradient by the context, M×W.</summary>
    /// <param name="context">As above.</param>
    /// <param name="byClasses">From the class vectors, K×D, to the gradient by them.</param>
    Matrix Backward(Matrix context, Func<Matrix, Matrix> byClasses);
}

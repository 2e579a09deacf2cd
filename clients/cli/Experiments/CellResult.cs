namespace TaskRes.Cli.Experiments;

/// <summary>What names a cell of the matrix: a run that finds it measured does not measure it again.</summary>
/// <param name="Digest">Of encoder, lists of images and prompts.</param>
/// <param name="Dataset">What is tested on.</param>
/// <param name="TrainedOn">What shots are drawn from; the same but for shifted test sets.</param>
/// <param name="Shots">Images a class; 0 for the text base alone.</param>
/// <param name="Seed">0 where nothing is drawn.</param>
/// <param name="Settings">α, step size, epochs, views.</param>
internal sealed record CellKey(string Digest, string Dataset, string TrainedOn, string Method, int Shots, ulong Seed, string Settings);

/// <summary>A measured cell.</summary>
/// <param name="Model">The encoder's customary name.</param>
/// <param name="Accuracy">On all test images, in percent.</param>
/// <param name="Classes">Told apart by the test.</param>
/// <param name="Images">Tested on.</param>
/// <param name="Seconds">The fit, from the features in memory.</param>
/// <param name="MeanResidual">Mean |x| over all classes and dimensions; null where the method has no such residual.</param>
internal sealed record CellResult(CellKey Key, string Model, double Accuracy, int Classes, int Images, double Seconds, double? MeanResidual);

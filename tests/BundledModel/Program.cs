return await TaskRes.BundledModel.CommandLine.RunAsync(args);

import CLibFuzzer
import FuzzTargets

/// libFuzzer's driver over one target.
enum Fuzzer {
    /// libFuzzer's callback can capture nothing. Set once, before the driver starts; the driver has one thread.
    nonisolated(unsafe) private static var target: FuzzTarget?

    /// - Returns: the process's exit code.
    static func run(_ chosen: FuzzTarget) -> Int32 {
        target = chosen
        // libFuzzer would take the target's name for a folder.
        var arguments: [UnsafeMutablePointer<CChar>?] = [CommandLine.unsafeArgv[0]]
        for index in 2..<max(2, Int(CommandLine.argc)) { arguments.append(CommandLine.unsafeArgv[index]) }
        var count = Int32(clamping: arguments.count)
        arguments.append(nil)
        return arguments.withUnsafeMutableBufferPointer { arguments in
            var start = arguments.baseAddress
            return LLVMFuzzerRunDriver(&count, &start) { data, size in
                let input = [UInt8](UnsafeBufferPointer(start: data, count: size))
                // A trap is what libFuzzer keeps the input for.
                if let target = Fuzzer.target, let violation = target.violation(of: input) {
                    fatalError("\(target): \(violation)")
                }
                return 0
            }
        }
    }
}

internal import WhinchatFFI
internal import WhinchatCore

/// Whether library and generated code belong together.
enum Library {
    /// Throws when they do not. It comes before the first call of anything generated, which would end the process instead.
    static func check() throws {
        let number = whinchat_ffi_contract()
        guard number == whinchatContract else {
            throw ChatError(
                code: .libraryMismatch, name: "client.library_mismatch", class: .final,
                message: """
                    the library of Whinchat in this app is of another version than the package that calls it \
                    (\(String(number, radix: 16)), not \(String(whinchatContract, radix: 16))); take both from one \
                    release and build anew
                    """)
        }
    }
}

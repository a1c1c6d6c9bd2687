kernel_width = 30.0  # width of the kernel
